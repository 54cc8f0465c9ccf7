"""Tables, connections, migrations, search and backup: the store on SQLite and on PostgreSQL."""

from stockshop.storage.drivers import import_peewee

# Before any module here imports Peewee by itself.
import_peewee()
