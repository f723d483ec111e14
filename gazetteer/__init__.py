"""An offline gazetteer: places of the world by name, kind, country and nearness."""
