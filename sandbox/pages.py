"""HTML of the simulators: autoescaped templates, strict content policy, one stylesheet each."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

_HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'{targets}"
)


def environment(*folders: Path) -> Environment:
    """Templates of a simulator, with the shared ones behind."""
    return Environment(
        loader=FileSystemLoader([*folders, _HERE / "templates"]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    templates: Environment, template: str, /, *, status: int = 200, form_target: str = "", **facts: Any
) -> HTMLResponse:
    """Render a template. form_target is the origin a form's redirect may lead to."""
    html = templates.get_template(template).render(**facts)
    targets = f" {form_target}" if form_target else ""
    headers = {
        "Content-Security-Policy": POLICY.format(targets=targets),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
