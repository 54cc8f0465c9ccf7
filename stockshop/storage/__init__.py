"""Tables, connections, migrations, search and backup: the store on SQLite and on PostgreSQL."""
