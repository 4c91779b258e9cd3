"""The casts that PostgreSQL makes when it assigns a value, as its own `pg_cast` lists them; the same on 13 to 18.

With those of the types that its own extensions bring.

Made by `scripts/write_cast_facts.py`.
"""

_CASTS = """
"char"|character|
"char"|character varying|
"char"|text|
bigint|double precision|
bigint|integer|
bigint|money|
bigint|numeric|
bigint|oid|
bigint|real|
bigint|regclass|
bigint|regcollation|
bigint|regconfig|
bigint|regdictionary|
bigint|regnamespace|
bigint|regoper|
bigint|regoperator|
bigint|regproc|
bigint|regprocedure|
bigint|regrole|
bigint|regtype|
bigint|smallint|
bit|bit varying|binary
bit varying|bit|binary
boolean|character|
boolean|character varying|
boolean|citext|
boolean|text|
box|polygon|
character|"char"|
character|character varying|
character|citext|
character|name|
character|text|
character varying|"char"|
character varying|character|binary
character varying|citext|binary
character varying|name|
character varying|regclass|
character varying|text|binary
cidr|character|
cidr|character varying|
cidr|inet|binary
cidr|text|
citext|character|binary
citext|character varying|binary
citext|text|binary
date|timestamp with time zone|
date|timestamp without time zone|
double precision|bigint|
double precision|integer|
double precision|numeric|
double precision|real|
double precision|smallint|
inet|character|
inet|character varying|
inet|cidr|
inet|citext|
inet|text|
integer|bigint|
integer|double precision|
integer|money|
integer|numeric|
integer|oid|binary
integer|real|
integer|regclass|binary
integer|regcollation|binary
integer|regconfig|binary
integer|regdictionary|binary
integer|regnamespace|binary
integer|regoper|binary
integer|regoperator|binary
integer|regproc|binary
integer|regprocedure|binary
integer|regrole|binary
integer|regtype|binary
integer|smallint|
interval|time without time zone|
isbn|ean13|binary
isbn|isbn13|binary
isbn13|ean13|binary
isbn13|isbn|binary
ismn|ean13|binary
ismn|ismn13|binary
ismn13|ean13|binary
ismn13|ismn|binary
issn|ean13|binary
issn|issn13|binary
issn13|ean13|binary
issn13|issn|binary
json|jsonb|
jsonb|json|
macaddr|macaddr8|
macaddr8|macaddr|
money|numeric|
name|character|
name|character varying|
name|text|
numeric|bigint|
numeric|double precision|
numeric|integer|
numeric|money|
numeric|real|
numeric|smallint|
oid|bigint|
oid|integer|binary
oid|regclass|binary
oid|regcollation|binary
oid|regconfig|binary
oid|regdictionary|binary
oid|regnamespace|binary
oid|regoper|binary
oid|regoperator|binary
oid|regproc|binary
oid|regprocedure|binary
oid|regrole|binary
oid|regtype|binary
path|polygon|
pg_dependencies|bytea|binary
pg_dependencies|text|
pg_mcv_list|bytea|binary
pg_mcv_list|text|
pg_ndistinct|bytea|binary
pg_ndistinct|text|
pg_node_tree|text|binary
point|box|
polygon|path|
real|bigint|
real|double precision|
real|integer|
real|numeric|
real|smallint|
regclass|bigint|
regclass|integer|binary
regclass|oid|binary
regcollation|bigint|
regcollation|integer|binary
regcollation|oid|binary
regconfig|bigint|
regconfig|integer|binary
regconfig|oid|binary
regdictionary|bigint|
regdictionary|integer|binary
regdictionary|oid|binary
regnamespace|bigint|
regnamespace|integer|binary
regnamespace|oid|binary
regoper|bigint|
regoper|integer|binary
regoper|oid|binary
regoper|regoperator|binary
regoperator|bigint|
regoperator|integer|binary
regoperator|oid|binary
regoperator|regoper|binary
regproc|bigint|
regproc|integer|binary
regproc|oid|binary
regproc|regprocedure|binary
regprocedure|bigint|
regprocedure|integer|binary
regprocedure|oid|binary
regprocedure|regproc|binary
regrole|bigint|
regrole|integer|binary
regrole|oid|binary
regtype|bigint|
regtype|integer|binary
regtype|oid|binary
smallint|bigint|
smallint|double precision|
smallint|integer|
smallint|numeric|
smallint|oid|
smallint|real|
smallint|regclass|
smallint|regcollation|
smallint|regconfig|
smallint|regdictionary|
smallint|regnamespace|
smallint|regoper|
smallint|regoperator|
smallint|regproc|
smallint|regprocedure|
smallint|regrole|
smallint|regtype|
text|"char"|
text|character|binary
text|character varying|binary
text|citext|binary
text|name|
text|regclass|
time with time zone|time without time zone|
time without time zone|interval|
time without time zone|time with time zone|
timestamp with time zone|date|
timestamp with time zone|time with time zone|
timestamp with time zone|time without time zone|
timestamp with time zone|timestamp without time zone|
timestamp without time zone|date|
timestamp without time zone|time without time zone|
timestamp without time zone|timestamp with time zone|
upc|ean13|binary
xml|character|binary
xml|character varying|binary
xml|text|binary
"""

ASSIGNED: dict[tuple[str, str], bool] = {
    (source, target): bool(binary)
    for source, target, binary in (line.split("|") for line in _CASTS.strip().splitlines())
}
"""From one type to another: whether the bytes stay as they are (`castmethod = 'b'`)."""
