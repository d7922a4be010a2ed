-- The key under which a file lies in the media folder; nothing where it lies there as it is.
ALTER TABLE media ADD COLUMN file_key BYTEA;
