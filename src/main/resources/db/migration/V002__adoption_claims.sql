-- Who made the row: a statement that runs again, since its connection broke, knows its own row by it.
ALTER TABLE adoptions ADD COLUMN claim text;
