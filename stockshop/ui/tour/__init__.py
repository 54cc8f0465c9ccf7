"""The guided tour of the ten commonest jobs."""
