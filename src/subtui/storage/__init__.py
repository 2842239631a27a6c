"""The database: tables, the engine, migrations, the demo data. Knows the rules, nothing of screens."""
