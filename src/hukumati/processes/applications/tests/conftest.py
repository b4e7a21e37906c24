from tests.outside import registries as registries
