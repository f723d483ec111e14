"""What the commands do. `geo.__main__` names them and their options, and loads a module here when one is run."""
