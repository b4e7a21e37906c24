from tests.outside import registries

__all__ = ["registries"]
