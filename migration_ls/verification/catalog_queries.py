"""The query behind a catalog snapshot: one row per object with its kind, its name and its properties as JSON.

It reads what every supported major has; a column that only newer ones have is read through `to_jsonb`. Properties whose
names begin with `_` say how to write the object down; they are no part of what it is.
"""

_NAMESPACES = """
WITH ns AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), ext AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), rel AS (
  SELECT c.*, format('%I.%I', ns.nspname, c.relname) AS name, ns.nspname
  FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM ext WHERE ext.classid = 'pg_class'::regclass AND ext.objid = c.oid)
)
"""

_PARTS = (
    """
SELECT 'namespace', quote_ident(nspname), jsonb_build_object(
  'comment', obj_description(oid, 'pg_namespace')) FROM ns
""",
    """
SELECT 'extension', quote_ident(extname), jsonb_build_object(
  'version', extversion, 'namespace', extnamespace::regnamespace::text) FROM pg_extension
""",
    """
SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
            WHEN 'c' THEN 'composite type' WHEN 'S' THEN 'sequence' ELSE 'table' END,
  name, jsonb_build_object(
  'kind', relkind::text, 'persistence', relpersistence::text, 'options', reloptions, 'rights', relacl::text,
  'row_security', relrowsecurity, 'forced_row_security', relforcerowsecurity, 'replica_identity', relreplident::text,
  'access_method', (SELECT amname FROM pg_am WHERE pg_am.oid = relam), 'tablespace', reltablespace,
  'partition_key', CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) END,
  'partition_bound', CASE WHEN relispartition THEN pg_get_expr(relpartbound, oid) END,
  'parents', (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
              FROM pg_inherits WHERE inhrelid = oid),
  '_order', oid::bigint, 'query', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
  'populated', CASE WHEN relkind = 'm' THEN relispopulated END,
  'comment', obj_description(oid, 'pg_class'))
FROM rel WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c', 'S')
""",
    """
SELECT 'column', format('%s.%I', rel.name, a.attname), jsonb_build_object(
  'type', format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull AND n.oid IS NULL,
  'unproven_not_null', n.oid IS NOT NULL,
  'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
  'generated', CASE WHEN a.attgenerated <> '' THEN a.attgenerated::text || ': ' || pg_get_expr(d.adbin, d.adrelid) END,
  'identity', nullif(a.attidentity::text, ''), 'storage', a.attstorage::text,
  'compression', nullif(to_jsonb(a) ->> 'attcompression', ''), 'options', a.attoptions, 'rights', a.attacl::text,
  'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
  'comment', col_description(a.attrelid, a.attnum), '_on', rel.name, '_name', quote_ident(a.attname),
  '_number', a.attnum, '_inherited', a.attinhcount > 0 AND NOT a.attislocal,
  '_owns', (SELECT d.objid::regclass::text FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    AND d.deptype IN ('a', 'i') AND (SELECT relkind FROM pg_class WHERE oid = d.objid) = 'S' LIMIT 1))
FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_constraint n
    ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum] AND NOT n.convalidated
WHERE rel.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
""",
    """
SELECT 'constraint', format('%s.%I', coalesce(rel.name, o.contypid::regtype::text), o.conname), jsonb_build_object(
  'definition', pg_get_constraintdef(o.oid), 'validated', o.convalidated,
  'enforced', to_jsonb(o) -> 'conenforced', 'index', nullif(o.conindid, 0)::regclass::text,
  'comment', obj_description(o.oid, 'pg_constraint'), '_name', quote_ident(o.conname), '_kind', o.contype::text,
  '_on', coalesce(rel.name, (SELECT format('%I.%I', nspname, typname) FROM pg_type JOIN pg_namespace n
    ON n.oid = typnamespace WHERE pg_type.oid = o.contypid)),
  '_inherited', o.conparentid <> 0 OR (o.coninhcount > 0 AND NOT o.conislocal))
FROM pg_constraint o JOIN ns ON ns.oid = o.connamespace LEFT JOIN rel ON rel.oid = o.conrelid
WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND (rel.oid IS NOT NULL OR o.contypid <> 0)
""",
    """
SELECT 'index', format('%I.%I', rel.nspname, ic.relname), jsonb_build_object(
  'definition', pg_get_indexdef(i.indexrelid), 'valid', i.indisvalid, 'ready', i.indisready,
  'clustered', i.indisclustered, 'replica_identity', i.indisreplident, 'options', ic.reloptions,
  'parent', (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid),
  'comment', obj_description(ic.oid, 'pg_class'), '_on', rel.name, '_name', quote_ident(ic.relname),
  '_constraint', EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x')))
FROM rel JOIN pg_index i ON i.indrelid = rel.oid JOIN pg_class ic ON ic.oid = i.indexrelid
""",
    """
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END,
  format('%I.%I', ns.nspname, t.typname), jsonb_build_object(
  'labels', (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
             FROM pg_enum WHERE enumtypid = t.oid),
  'base', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
               WHEN 'r' THEN (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = t.oid) END,
  'not_null', t.typnotnull, 'default', t.typdefault, 'rights', t.typacl::text,
  'comment', obj_description(t.oid, 'pg_type'))
FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd', 'r') AND NOT EXISTS (
  SELECT FROM ext WHERE ext.classid = 'pg_type'::regclass AND ext.objid = t.oid)
""",
    """
SELECT 'sequence parameters', rel.name, jsonb_build_object(
  'type', s.seqtypid::regtype::text, 'start', s.seqstart, 'increment', s.seqincrement, 'max', s.seqmax,
  'min', s.seqmin, 'cache', s.seqcache, 'cycle', s.seqcycle,
  'owned_by', (SELECT format('%s.%I', d.refobjid::regclass, a.attname) FROM pg_depend d
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i') LIMIT 1))
FROM pg_sequence s JOIN rel ON rel.oid = s.seqrelid
""",
    """
SELECT 'trigger', format('%s.%I', rel.name, t.tgname), jsonb_build_object(
  '_on', rel.name, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled::text,
  'comment', obj_description(t.oid, 'pg_trigger'))
FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid WHERE NOT t.tgisinternal
""",
    """
SELECT 'rule', format('%s.%I', rel.name, r.rulename), jsonb_build_object(
  'definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled::text)
FROM rel JOIN pg_rewrite r ON r.ev_class = rel.oid WHERE r.rulename <> '_RETURN'
""",
    """
SELECT 'policy', format('%s.%I', rel.name, p.polname), jsonb_build_object(
  'command', p.polcmd::text, 'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid),
  'check', pg_get_expr(p.polwithcheck, p.polrelid),
  '_on', rel.name, '_name', quote_ident(p.polname),
  'roles', (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ', ')
            FROM unnest(p.polroles) AS r))
FROM rel JOIN pg_policy p ON p.polrelid = rel.oid
""",
    """
SELECT 'function', format('%I.%I(%s)', ns.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
  jsonb_build_object(
  'definition', CASE WHEN p.prokind = 'a' THEN pg_get_function_result(p.oid) ELSE pg_get_functiondef(p.oid) END,
  'rights', p.proacl::text, 'comment', obj_description(p.oid, 'pg_proc'))
FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM ext WHERE ext.classid = 'pg_proc'::regclass AND ext.objid = p.oid)
""",
    """
SELECT 'statistics', format('%I.%I', ns.nspname, s.stxname), jsonb_build_object(
  'definition', pg_get_statisticsobjdef(s.oid))
FROM pg_statistic_ext s JOIN ns ON ns.oid = s.stxnamespace
""",
    """
SELECT 'publication', quote_ident(p.pubname), jsonb_build_object(
  'all_tables', p.puballtables, 'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete,
  'tables', (SELECT string_agg(format('%I.%I', t.schemaname, t.tablename), ', ' ORDER BY 1)
             FROM pg_publication_tables t WHERE t.pubname = p.pubname))
FROM pg_publication p
""",
    """
SELECT 'event trigger', quote_ident(evtname), jsonb_build_object(
  'event', evtevent, 'function', evtfoid::regproc::text, 'enabled', evtenabled::text, 'tags', evttags)
FROM pg_event_trigger
""",
)

CATALOG_QUERY = (_NAMESPACES + "\nUNION ALL\n".join(_PARTS)).encode()
