"""The query behind a catalog snapshot: one row per object with its kind, its name, its properties and its place.

Properties (JSON) are what makes two objects differ; the place (JSON) has names one by one, and what only the order or
the kinship of objects tells. It reads what every supported major has; a column that only newer ones have is read
through `to_jsonb`. It reads `pg_catalog` alone, so a role that may only connect is enough, and it locks the relations
whose expressions it prints no stronger than ACCESS SHARE.
"""

_NAMESPACES = """
WITH ns AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), ext AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), rel AS (
  SELECT c.*, format('%I.%I', ns.nspname, c.relname) AS name, ns.nspname,
    jsonb_build_object('namespace', ns.nspname, 'relation', c.relname) AS place
  FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM ext WHERE ext.classid = 'pg_class'::regclass AND ext.objid = c.oid)
)
"""

_PARTS = (
    """
SELECT 'namespace', quote_ident(nspname), jsonb_build_object(
  'comment', obj_description(oid, 'pg_namespace')), jsonb_build_object('name', nspname) FROM ns
""",
    """
SELECT 'extension', quote_ident(extname), jsonb_build_object(
  'version', extversion, 'namespace', extnamespace::regnamespace::text), jsonb_build_object('name', extname)
FROM pg_extension
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
  'query', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
  'populated', CASE WHEN relkind = 'm' THEN relispopulated END,
  'comment', obj_description(oid, 'pg_class')),
  place || jsonb_build_object(
    'parents', (SELECT jsonb_agg(jsonb_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
                FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                  JOIN pg_namespace pn ON pn.oid = p.relnamespace
                WHERE i.inhrelid = rel.oid),
    'server', (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
               WHERE f.ftrelid = rel.oid),
    'number', rel.oid::bigint)
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
  'comment', col_description(a.attrelid, a.attnum)),
  rel.place || jsonb_build_object(
    'name', a.attname, 'position', a.attnum, 'unproven', n.conname, 'inherited', a.attinhcount > 0 AND NOT a.attislocal,
    'sequence', (SELECT jsonb_build_array(sn.nspname, s.relname) FROM pg_depend w JOIN pg_class s ON s.oid = w.objid
                 JOIN pg_namespace sn ON sn.oid = s.relnamespace
                 WHERE w.classid = 'pg_class'::regclass AND w.refclassid = 'pg_class'::regclass AND s.relkind = 'S'
                   AND w.refobjid = a.attrelid AND w.refobjsubid = a.attnum AND w.deptype IN ('a', 'i')
                 ORDER BY w.deptype DESC, s.oid LIMIT 1))
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
  'comment', obj_description(o.oid, 'pg_constraint')),
  coalesce(rel.place, '{}') || jsonb_build_object('name', o.conname, 'contype', o.contype::text,
    'domain', (SELECT jsonb_build_array(ns.nspname, t.typname) FROM pg_type t WHERE t.oid = o.contypid),
    'local', o.conislocal, 'number', o.oid::bigint,
    'shadow', EXISTS (SELECT FROM pg_constraint above WHERE above.oid = o.conparentid AND above.conrelid = o.conrelid))
FROM pg_constraint o JOIN ns ON ns.oid = o.connamespace LEFT JOIN rel ON rel.oid = o.conrelid
WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND (rel.oid IS NOT NULL OR o.contypid <> 0)
""",
    """
SELECT 'index', format('%I.%I', rel.nspname, ic.relname), jsonb_build_object(
  'definition', pg_get_indexdef(i.indexrelid), 'valid', i.indisvalid, 'ready', i.indisready,
  'clustered', i.indisclustered, 'replica_identity', i.indisreplident, 'options', ic.reloptions,
  'parent', (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid),
  'comment', obj_description(ic.oid, 'pg_class')),
  rel.place || jsonb_build_object('name', ic.relname, 'number', ic.oid::bigint, 'attached', ic.relispartition,
    'backs', EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')))
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
  'comment', obj_description(t.oid, 'pg_type')),
  jsonb_build_object('namespace', ns.nspname, 'name', t.typname, 'typtype', t.typtype::text,
    'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation
                      THEN t.typcollation::regcollation::text END,
    'number', t.oid::bigint)
FROM pg_type t JOIN ns ON ns.oid = t.typnamespace LEFT JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype IN ('e', 'd', 'r') AND NOT EXISTS (
  SELECT FROM ext WHERE ext.classid = 'pg_type'::regclass AND ext.objid = t.oid)
""",
    """
SELECT 'sequence parameters', rel.name, jsonb_build_object(
  'type', s.seqtypid::regtype::text, 'start', s.seqstart, 'increment', s.seqincrement, 'max', s.seqmax,
  'min', s.seqmin, 'cache', s.seqcache, 'cycle', s.seqcycle,
  'owned_by', (SELECT format('%s.%I', d.refobjid::regclass, a.attname) FROM pg_depend d
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i') LIMIT 1)),
  rel.place || jsonb_build_object('owner', (
    SELECT jsonb_build_array(tn.nspname, t.relname, a.attname) FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
      JOIN pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i') LIMIT 1))
FROM pg_sequence s JOIN rel ON rel.oid = s.seqrelid
""",
    """
SELECT 'trigger', format('%s.%I', rel.name, t.tgname), jsonb_build_object(
  'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled::text,
  'comment', obj_description(t.oid, 'pg_trigger')),
  rel.place || jsonb_build_object('name', t.tgname, 'cloned', t.tgparentid <> 0)
FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid WHERE NOT t.tgisinternal
""",
    """
SELECT 'rule', format('%s.%I', rel.name, r.rulename), jsonb_build_object(
  'definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled::text),
  rel.place || jsonb_build_object('name', r.rulename)
FROM rel JOIN pg_rewrite r ON r.ev_class = rel.oid WHERE r.rulename <> '_RETURN'
""",
    """
SELECT 'policy', format('%s.%I', rel.name, p.polname), jsonb_build_object(
  'command', p.polcmd::text, 'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid),
  'check', pg_get_expr(p.polwithcheck, p.polrelid),
  'roles', (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ', ')
            FROM unnest(p.polroles) AS r)),
  rel.place || jsonb_build_object('name', p.polname)
FROM rel JOIN pg_policy p ON p.polrelid = rel.oid
""",
    """
SELECT 'function', format('%I.%I(%s)', ns.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
  jsonb_build_object(
  'definition', CASE WHEN p.prokind = 'a' THEN pg_get_function_result(p.oid) ELSE pg_get_functiondef(p.oid) END,
  'rights', p.proacl::text, 'comment', obj_description(p.oid, 'pg_proc')),
  jsonb_build_object('namespace', ns.nspname, 'name', p.proname, 'prokind', p.prokind::text, 'number', p.oid::bigint,
    'internal', EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'))
FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM ext WHERE ext.classid = 'pg_proc'::regclass AND ext.objid = p.oid)
""",
    """
SELECT 'statistics', format('%I.%I', ns.nspname, s.stxname), jsonb_build_object(
  'definition', pg_get_statisticsobjdef(s.oid)),
  jsonb_build_object('namespace', ns.nspname, 'name', s.stxname)
FROM pg_statistic_ext s JOIN ns ON ns.oid = s.stxnamespace
""",
    """
SELECT 'publication', quote_ident(p.pubname), jsonb_build_object(
  'all_tables', p.puballtables, 'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete,
  'tables', (SELECT string_agg(format('%I.%I', t.schemaname, t.tablename), ', ' ORDER BY 1)
             FROM pg_publication_tables t WHERE t.pubname = p.pubname)),
  jsonb_build_object('name', p.pubname)
FROM pg_publication p
""",
    """
SELECT 'event trigger', quote_ident(evtname), jsonb_build_object(
  'event', evtevent, 'function', evtfoid::regproc::text, 'enabled', evtenabled::text, 'tags', evttags),
  jsonb_build_object('name', evtname)
FROM pg_event_trigger
""",
)

CATALOG_QUERY = (_NAMESPACES + "\nUNION ALL\n".join(_PARTS)).encode()
