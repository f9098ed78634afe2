-- A search folds accents and cases and finds emoji, which the parser of full text leaves out. No extension unaccent: it
-- would have to be installed, and what it does is not immutable, so that no index may have it.
-- Words without accents, in one case, without emoji.
CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT replace(replace(replace(
        translate(lower(regexp_replace(
            normalize(regexp_replace($1, '[\u2190-\u2bff\U0001f000-\U0001faff]', ' ', 'g'), NFKD),
            '[\u0300-\u036f\u200b-\u200d\ufe0f]', '', 'g')), 'łŁøØđĐħĦıŒÆ', 'llooddhhiœæ'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') $$;
-- The emoji and other symbols.
CREATE FUNCTION symbols(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY (
        SELECT DISTINCT m[1] FROM regexp_matches($1, '[\u2190-\u2bff\U0001f000-\U0001faff]', 'g') AS m)) $$;
-- All words and all symbols of a keyword.
CREATE FUNCTION sought(text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN s.found IS NULL THEN plainto_tsquery('english', folded($1))
                ELSE plainto_tsquery('english', folded($1)) && s.found::tsquery END
    FROM (SELECT string_agg(quote_literal(m[1]), ' & ') AS found
          FROM regexp_matches($1, '[\u2190-\u2bff\U0001f000-\U0001faff]', 'g') AS m) AS s $$;

-- The column document and the index products_trigrams are for the version before.
ALTER TABLE products ADD COLUMN search_document tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', folded(name)), 'A') || setweight(to_tsvector('english', folded(description)), 'B')
        || symbols(name || ' ' || description)) STORED;
CREATE INDEX products_search_text ON products USING gin (search_document);
CREATE INDEX products_search_trigrams ON products USING gin (folded(name) gin_trgm_ops, folded(description) gin_trgm_ops);
