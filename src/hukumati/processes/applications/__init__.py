"""A citizen's application from draft to delivered document, and live inquiries. Spans the domain modules; owns the case."""
