"""python -m sandbox.registries --data-dir D [--port N]"""

from sandbox.population import store
from sandbox.registries.app import create_app
from sandbox.serving import arguments, bound_socket, serve

if __name__ == "__main__":
    given = arguments("registries")
    bound = bound_socket(given.port)
    population = store.open_population(store.prepare(given.data_dir))
    app = create_app(population, given.data_dir)
    serve("registries", app, bound=bound, ready={}, end_with_stdin=given.end_with_stdin)
