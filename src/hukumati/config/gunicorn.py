"""The web server. Few processes with some threads each: pages wait for the database more than for the processor."""

import gc
import os

bind = os.environ.get("HUKUMATI_BIND", "127.0.0.1:8000")
wsgi_app = "hukumati.config.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("HUKUMATI_WEB_PROCESSES", "2"))
threads = int(os.environ.get("HUKUMATI_WEB_THREADS", "4"))
preload_app = True  # the code is loaded once and shared by the processes
timeout = 30
graceful_timeout = 5
keepalive = 15
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4_094
limit_request_field_size = 8_190
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 (heartbeats must not wait for a disk)
control_socket_disable = True
accesslog = None  # the application logs each request by its view's name; paths carry references and codes
loglevel = "warning"


def when_ready(_server: object) -> None:
    _load_what_pages_need()
    # What was loaded stays in pages that the processes share: the collector would write into each of them.
    gc.collect()
    gc.freeze()


def _load_what_pages_need() -> None:
    """Django waits for the first request with addresses, templates and calendar: each process would do it again, and its first readers would wait a second."""
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2
    from django.urls import get_resolver
    from django.utils.timezone import now

    from hukumati.processes.applications.api import promised_at

    _ = get_resolver().url_patterns
    for engine in engines.all():
        if isinstance(engine, Jinja2):
            for name in engine.env.list_templates(extensions=["html"]):
                engine.env.get_template(name)
    promised_at(now(), working_days=1)


def post_fork(_server: object, _worker: object) -> None:
    from django.db import connections

    # A connection or pool thread that was opened while loading belongs to the parent.
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
