"""Published formats, each read into a stream of entries. One more source is one more function."""
