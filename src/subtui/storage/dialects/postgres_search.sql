-- The search index on PostgreSQL: what is kept, what keeps it, and the functions that read it.
-- Statements are separated by a line of dashes.

-- The words of a folded text, apart by one space: runs of letters and digits, as FTS5's tokenizer `ascii` has them.
CREATE FUNCTION search_words(folded text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    lower(folded COLLATE "C"), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]+', ' ', 'g'
));
--------
-- A folded text whose ASCII signs are runes: for trigrams a sign is nothing, and a rune is a letter. So `a.b` has one.
CREATE FUNCTION search_signs(folded text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    lower(folded COLLATE "C"), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', 'ᚠᚡᚢᚣᚤᚥᚦᚧᚨᚩᚪᚫᚬᚭᚮᚯᚰᚱᚲᚳᚴᚵᚶᚷᚸᚹᚺᚻᚼᚽᚾᚿ'
);
--------
-- The digits of phones as other runes, so that a number in an address is not looked for among a million phones.
CREATE FUNCTION search_digits(digits text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(digits, '0123456789', 'ᛁᛂᛃᛄᛅᛆᛇᛈᛉᛊ');
--------
CREATE TABLE contact_search (
    id bigint PRIMARY KEY,
    sort_key text COLLATE "C" NOT NULL,
    names text COLLATE "C" NOT NULL,  -- " last first": a space before every word
    words text COLLATE "C" NOT NULL,  -- " last first | company address "
    parts text COLLATE "C" NOT NULL   -- company and addresses, and behind them the phones: signs and digits as runes
);
--------
CREATE TABLE contact_word (term text COLLATE "C" NOT NULL);
--------
CREATE INDEX ix_contact_search_sort_key ON contact_search (sort_key, id);
--------
CREATE INDEX ix_contact_search_names ON contact_search USING gin (names gin_trgm_ops) WITH (fastupdate = off);
--------
CREATE INDEX ix_contact_search_words ON contact_search USING gin (words gin_trgm_ops) WITH (fastupdate = off);
--------
CREATE INDEX ix_contact_search_parts ON contact_search USING gin (parts gin_trgm_ops) WITH (fastupdate = off);
--------
CREATE INDEX ix_contact_word_term ON contact_word (term);
--------
-- Kept in the transaction that writes a contact, with the rights of the writer. Words stay when their last
-- contact has gone, and one may be there twice: so no writer waits for another's long import of the same words.
CREATE FUNCTION search_rows(name_key text, rest_key text, phone_key text, OUT names text, OUT words text, OUT parts text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || n, ' ' || n || ' | ' || r || ' ', search_signs(rest_key) || ' | ' || search_digits(phone_key)
    FROM (SELECT search_words(name_key) AS n, search_words(rest_key) AS r) AS folded
$$;
--------
CREATE FUNCTION search_terms(name_key text, rest_key text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT term FROM string_to_table(search_words(name_key) || ' ' || search_words(rest_key), ' ') AS term WHERE term <> ''
$$;
--------
CREATE FUNCTION search_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contact_search (id, sort_key, names, words, parts)
    SELECT c.id, c.sort_key, s.names, s.words, s.parts
    FROM fresh AS c, search_rows(c.name_key, c.rest_key, c.phone_key) AS s;
    INSERT INTO contact_word (term)
    SELECT here.term FROM (SELECT DISTINCT t.term FROM fresh AS c, search_terms(c.name_key, c.rest_key) AS t (term)) AS here
    WHERE NOT EXISTS (SELECT FROM contact_word AS known WHERE known.term = here.term);
    RETURN NULL;
END $$;
--------
CREATE TRIGGER contact_searchable AFTER INSERT ON contact REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION search_add();
--------
CREATE FUNCTION search_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contact_search AS s
    SET id = NEW.id, sort_key = NEW.sort_key, names = now.names, words = now.words, parts = now.parts
    FROM search_rows(NEW.name_key, NEW.rest_key, NEW.phone_key) AS now WHERE s.id = OLD.id;
    INSERT INTO contact_word (term)
    SELECT DISTINCT t.term FROM search_terms(NEW.name_key, NEW.rest_key) AS t (term)
    WHERE NOT EXISTS (SELECT FROM contact_word AS known WHERE known.term = t.term);
    RETURN NULL;
END $$;
--------
CREATE TRIGGER contact_searchable_changed AFTER UPDATE ON contact FOR EACH ROW
WHEN ((OLD.id, OLD.name_key, OLD.rest_key, OLD.phone_key, OLD.sort_key)
    IS DISTINCT FROM (NEW.id, NEW.name_key, NEW.rest_key, NEW.phone_key, NEW.sort_key))
EXECUTE FUNCTION search_change();
--------
CREATE FUNCTION search_remove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM contact_search;
    ELSE
        DELETE FROM contact_search USING gone WHERE contact_search.id = gone.id;
    END IF;
    RETURN NULL;
END $$;
--------
CREATE TRIGGER contact_searchable_gone AFTER DELETE ON contact REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION search_remove();
--------
CREATE TRIGGER contact_searchable_emptied AFTER TRUNCATE ON contact
FOR EACH STATEMENT EXECUTE FUNCTION search_remove();
--------
-- How many contacts a condition may hold for, as the planner guesses without looking: it takes a tenth of a millisecond.
CREATE FUNCTION search_guess(condition text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM contact_search WHERE ' || condition INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
--------
-- Whether a condition holds for few enough that an index finds them all. The others are read in the order of their ids
-- until there are enough: where one contact in 64 has it, that is the quicker way. The planner's statistics know a
-- hundredth of the texts, so what they have once may well be rare.
CREATE FUNCTION search_is_rare(condition text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN search_guess(condition) <= (SELECT reltuples FROM pg_class WHERE oid = 'contact_search'::regclass) / 64;
END $$;
--------
-- What the index is asked for a word: where it is long, its beginning adds nothing but the longest lists.
CREATE FUNCTION search_word(word text, whole boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('words LIKE %L', CASE WHEN length(word) > 4 THEN '%' ELSE '% ' END
        || word || CASE WHEN whole THEN ' %' ELSE '%' END)
$$;
--------
-- The condition for contacts with every phrase: words one after the other, the last of them a prefix.
-- The index is asked for the rare words; then the rows that it finds are looked at for the phrases.
CREATE FUNCTION search_all(phrases text[], OUT condition text, OUT rare boolean) LANGUAGE plpgsql AS $$
DECLARE asked text;
BEGIN
    SELECT string_agg(each, ' AND ') INTO asked
    FROM (
        SELECT search_word(word, at < count(*) OVER (PARTITION BY place)) AS each
        FROM unnest(phrases) WITH ORDINALITY AS p (phrase, place),
            string_to_table(phrase, ' ') WITH ORDINALITY AS w (word, at)
        LIMIT 8
    ) AS words
    WHERE search_is_rare(each);
    rare := asked IS NOT NULL;
    SELECT concat_ws(' AND ', asked, string_agg(
        CASE WHEN rare THEN format('strpos(words, %L) > 0', ' ' || phrase)
            ELSE format('words LIKE %L', '% ' || phrase || '%') END, ' AND '))
    INTO condition FROM unnest(phrases) AS phrase;
END $$;
--------
-- The condition for contacts with a part of an address or of a phone number, and every other phrase as usual.
CREATE FUNCTION search_parts(
    phrases text[], part_texts text[], part_digits text[], phone text, OUT condition text, OUT rare boolean
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    WITH ways AS (
        SELECT 0 AS place, search_digits(phone) AS part
        UNION ALL
        SELECT place, search_signs(part) FROM unnest(part_texts) WITH ORDINALITY AS p (part, place)
        UNION ALL
        SELECT place, search_digits(digits) FROM unnest(part_digits) WITH ORDINALITY AS d (digits, place)
    ), guessed AS MATERIALIZED (
        SELECT place, way, search_is_rare(way) AS rare
        FROM ways, format('parts LIKE %L', '%' || part || '%') AS way WHERE part <> ''
    ), whole AS MATERIALIZED (
        SELECT rare, concat_ws(' AND ', way, (
            SELECT nullif(others.condition, '') FROM search_all(ARRAY(
                SELECT phrase FROM unnest(phrases) WITH ORDINALITY AS p (phrase, at) WHERE place > 0 AND at <> place
            )) AS others
        )) AS way
        FROM guessed
    )
    SELECT '((' || string_agg(way, ') OR (') || '))', bool_and(rare OR search_is_rare(way))
    INTO search_parts.condition, search_parts.rare FROM whole;
END $$;
--------
-- The statement that reads the ids for a condition, the first so many of them.
CREATE FUNCTION search_ids(condition text, rare boolean, most int, sorted text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(CASE
        -- What is rare is not walked to, though the planner might gamble on it with so small a limit.
        WHEN rare THEN 'WITH m AS MATERIALIZED (SELECT id FROM contact_search AS s WHERE %s) SELECT id FROM m LIMIT %s'
        ELSE 'SELECT id FROM contact_search AS s WHERE %s ' || sorted || ' LIMIT %s' END, condition, most)
$$;
--------
-- A page of contacts that match, best first, with their number; one more than `most` where there are more.
-- `sort_keys` and `stages` are what the next page begins behind. See postgres_search.py for what is asked.
CREATE FUNCTION find_contacts(
    phrases text[], literal text[], part_texts text[], part_digits text[], phone text, number bigint,
    exact text[], begins text, recent bigint[], most int, after_stage int, after_key text, after_id bigint,
    OUT total int, OUT capped boolean, OUT ids bigint[], OUT sort_keys text[], OUT stages int[]
) LANGUAGE plpgsql
SET jit = off
SET max_parallel_workers_per_gather = 0
SET synchronize_seqscans = off
AS $$
DECLARE
    most_counted CONSTANT int := 1000;
    ranked_whole CONSTANT int := 300;
    ends CONSTANT text := begins || U&'\+10FFFF';
    anywhere text := 'false';
    in_name text := 'false';
    signs text := '';
    is_rare boolean;
    in_parts text;
    part_is_rare boolean;
    matching bigint[] := '{}';
    known text;  -- where all that match are in `matching`, so that the index need not be asked again
    numbered bigint[] := '{}';
    opened bigint[];
    kinds int[];
    counted int := 0;
    row record;
BEGIN
    -- 1. The conditions.
    IF cardinality(phrases) > 0 THEN
        SELECT condition, rare INTO anywhere, is_rare FROM search_all(phrases);
        SELECT string_agg(format('names LIKE %L', '% ' || phrase || '%'), ' AND ') INTO in_name
        FROM unnest(phrases) AS phrase;
        SELECT coalesce(string_agg(format(
            ' AND EXISTS (SELECT FROM contact AS c WHERE c.id = s.id'
            ' AND lower(c.name_key || '' '' || c.rest_key COLLATE "C") LIKE %L)', lower(word COLLATE "C")), ''), '') INTO signs
        FROM unnest(literal) AS word;
    END IF;
    SELECT condition, rare INTO in_parts, part_is_rare
    FROM search_parts(phrases, part_texts, part_digits, phone);

    -- 2. How many there are. Those whose name begins so are counted fastest, and may be too many already.
    IF begins <> '' THEN
        EXECUTE format(
            'SELECT count(*) FROM (SELECT FROM contact_search AS s WHERE sort_key >= $1 AND sort_key < $2%s LIMIT $3) AS x',
            signs) INTO counted USING begins, ends, most_counted + 1;
    END IF;
    IF counted <= most_counted AND anywhere <> 'false' THEN
        EXECUTE format(
            'SELECT coalesce(array_agg(id), ''{}'') FROM (%s) AS x', search_ids(anywhere || signs, is_rare, most_counted + 1)
        ) INTO matching;
        counted := cardinality(matching);
    END IF;
    capped := counted > most_counted;
    total := most_counted;
    IF NOT capped THEN
        IF number IS NOT NULL THEN
            SELECT array_agg(c.id) INTO numbered FROM (
                SELECT c.id FROM contact AS c WHERE c.id = number
                UNION SELECT c.id FROM contact AS c WHERE c.keap_id = number::text
            ) AS c;
            numbered := coalesce(numbered, '{}');
        END IF;
    END IF;

    -- 3. Few: all are read and sorted. Those by a part come last, in the order of their ids.
    IF NOT capped AND counted <= ranked_whole THEN
        EXECUTE format($few$
            WITH named AS (
                SELECT id, sort_key, CASE
                    WHEN sort_key = ANY ($3) OR id = ANY ($2) THEN 0 WHEN %s THEN 2 ELSE 3 END AS kind
                FROM contact_search WHERE id = ANY ($1 || $2)
            ), by_part AS MATERIALIZED (%s),
            everything AS (
                SELECT id, sort_key, 3 AS stage, row_number() OVER (
                    ORDER BY kind, array_position($4, id) NULLS LAST, id <> ALL ($2), sort_key, id) AS at
                FROM named
                UNION ALL
                SELECT id, '', 4, 10000 + row_number() OVER (ORDER BY id)
                FROM by_part WHERE id <> ALL ($1 || $2)
            ), page AS (
                SELECT * FROM everything
                WHERE $5 < 0 OR at > (SELECT at FROM everything WHERE id = $6) ORDER BY at LIMIT $7 + 1
            )
            SELECT (SELECT count(*) FROM everything), array_agg(id ORDER BY at), array_agg(sort_key ORDER BY at),
                array_agg(stage ORDER BY at)
            FROM page
            $few$, in_name,
            search_ids(coalesce(in_parts, 'false'), part_is_rare, most_counted + 1, 'ORDER BY id'))
        INTO counted, ids, sort_keys, stages USING matching, numbered, exact, recent, after_stage, after_id, most;
        total := least(counted, most_counted);
        capped := counted > most_counted;
        RETURN;
    END IF;

    IF NOT capped THEN
        IF in_parts IS NOT NULL THEN
            EXECUTE format(
                'SELECT count(*) FROM (SELECT unnest($1 || $2) UNION (%s)) AS x',
                search_ids(in_parts, part_is_rare, most_counted + 1))
            INTO counted USING matching, numbered;
        ELSE
            SELECT count(DISTINCT each) INTO counted FROM unnest(matching || numbered) AS each;
        END IF;
        total := least(counted, most_counted);
        capped := counted > most_counted;
        known := 'id = ANY ($8)';
    END IF;

    -- 4. Many: kind by kind, each along an index, until the page is full. Recently opened ones are first in their kind.
    ids := '{}';
    sort_keys := '{}';
    stages := '{}';
    EXECUTE format(
        'SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(CASE WHEN sort_key = ANY ($2) THEN 0 WHEN %s THEN 1 ELSE 3 END), ''{}'')'
        ' FROM (SELECT * FROM contact_search AS s WHERE id = ANY ($1) AND %s%s ORDER BY array_position($1, id)) AS x',
        in_name, anywhere, signs) INTO opened, kinds USING recent, exact;
    FOR stage IN greatest(after_stage, 0) .. 4 LOOP
        IF stage > after_stage THEN
            FOR at IN 1 .. cardinality(opened) LOOP
                IF kinds[at] = stage THEN
                    ids := array_append(ids, opened[at]);
                    sort_keys := array_append(sort_keys, '');
                    stages := array_append(stages, stage);
                END IF;
            END LOOP;
            after_key := '';
            after_id := 0;
        END IF;
        CONTINUE WHEN stage = 4 AND in_parts IS NULL;
        FOR row IN EXECUTE
            'SELECT id, ' || CASE WHEN stage < 2 THEN 'sort_key' ELSE '''''' END || ' AS sort_key FROM contact_search AS s WHERE '
            || CASE stage
                WHEN 0 THEN '(sort_key = ANY ($1)' || signs || ' OR id = $2) AND id > $3'
                WHEN 1 THEN '(sort_key, id) > (greatest($4, $5), $3) AND sort_key < $6 AND sort_key <> ALL ($1)' || signs
                WHEN 2 THEN concat_ws(' AND ', known, in_name) || signs
                WHEN 3 THEN format('%s AND NOT (%s)%s', coalesce(known, anywhere), in_name, signs)
                WHEN 4 THEN format('%s AND NOT (%s) AND id > $3', in_parts, anywhere)
            END
            || CASE WHEN stage IN (2, 3) THEN ' AND id > $3 AND NOT (sort_key >= $5 AND sort_key < $6) AND sort_key <> ALL ($1)' ELSE '' END
            || ' AND id <> ALL ($7) ORDER BY ' || CASE stage WHEN 1 THEN 'sort_key, id' ELSE 'id' END
            || ' LIMIT ' || greatest(most + 1 - cardinality(ids), 0)
            USING exact, number, after_id, after_key, begins, ends, opened, matching
        LOOP
            ids := array_append(ids, row.id);
            sort_keys := array_append(sort_keys, row.sort_key);
            stages := array_append(stages, stage);
        END LOOP;
        EXIT WHEN cardinality(ids) > most;
    END LOOP;
END $$;
--------
-- Contacts with a word that differs from a typed one by a slip. `asked` holds, for each word, its neighbours that must
-- be whole words, those that may be begun, and the other words that were typed.
CREATE FUNCTION find_similar(asked jsonb, most_neighbours int, most int)
RETURNS TABLE (id bigint, sort_key text) LANGUAGE plpgsql
SET jit = off
SET enable_seqscan = off
AS $$
DECLARE
    word record;
    neighbours text;
    others text;
    with_rare boolean;
BEGIN
    FOR word IN SELECT * FROM jsonb_to_recordset(asked) AS each (whole text[], begun text[], others text[]) LOOP
        SELECT condition, rare INTO others, with_rare FROM search_all(word.others);
        SELECT string_agg(format(
            CASE WHEN with_rare THEN 'strpos(words, %2$L) > 0' ELSE '%1$s AND strpos(words, %2$L) > 0' END,
            search_word(term, false), ' ' || term), ' OR ') INTO neighbours
        FROM (
            SELECT term FROM (
                SELECT 1 AS kind, at, typed || ' ' AS term FROM unnest(word.whole) WITH ORDINALITY AS t (typed, at)
                WHERE EXISTS (SELECT FROM contact_word AS known WHERE known.term = typed COLLATE "C")
                UNION ALL
                SELECT 2, at, typed FROM unnest(word.begun) WITH ORDINALITY AS t (typed, at)
                WHERE EXISTS (SELECT FROM contact_word AS known WHERE known.term >= typed COLLATE "C"
                    AND known.term < (typed || U&'\+10FFFF') COLLATE "C")
            ) AS known ORDER BY kind, at LIMIT most_neighbours
        ) AS first;
        CONTINUE WHEN neighbours IS NULL;
        -- Of very many only some are sorted: they are read in the order of the table, which is nearly that of the ids.
        RETURN QUERY EXECUTE format(
            'SELECT * FROM (SELECT id, sort_key FROM contact_search WHERE %s LIMIT 200) AS x ORDER BY id LIMIT %s',
            concat_ws(' AND ', '(' || neighbours || ')', nullif(others, '')),
            most);
    END LOOP;
END $$;
