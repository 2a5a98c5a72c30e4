"""Statistics over HTTP: what is asked (`asked`), how it is answered (`routes`), in which shape."""
