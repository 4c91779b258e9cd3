"""Built-in functions by volatility, as `pg_proc` of PostgreSQL 15 lists them, with a few of later majors.

A name counts as its most volatile form (`length(bytea, name)` is stable, so `length` is). Names that stand in neither
set are volatile or not built in.
"""

IMMUTABLE = frozenset(
    """
    abbrev abs acos acosd acosh any_value area array_agg array_append array_cat array_dims array_fill
    array_length array_lower array_ndims array_position array_positions array_prepend array_remove array_replace
    array_reverse array_sort array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh
    avg bit bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or box bpchar broadcast btrim
    cardinality casefold cbrt ceil ceiling center char char_length character_length chr cidr circle corr cos
    cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist date_bin datemultirange daterange
    decode degrees dense_rank diagonal diameter div encode erf erfc every exp factorial family first_value
    float4 float8 floor gamma gcd generate_subscripts get_bit get_byte hashtext hashtextextended height host
    hostmask initcap int2 int4 int4multirange int4range int8 int8multirange int8range interval is_normalized
    isclosed isfinite ishorizontal isopen isparallel isperp isvertical json_array_elements
    json_array_elements_text json_array_length json_each json_each_text json_object json_object_keys
    json_strip_nulls json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_each
    jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
    jsonb_object_keys jsonb_path_exists jsonb_path_exists_opr jsonb_path_match jsonb_path_match_opr
    jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax
    jsonb_strip_nulls jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm lead left
    lgamma like like_escape line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8
    make_date make_interval make_time make_timestamp masklen max md5 min min_scale mod mode multirange name
    nameconcatoid netmask network normalize notlike npoints nth_value ntile num_nonnulls num_nulls nummultirange
    numnode numrange octet_length oid overlay parse_ident path percent_rank percentile_cont percentile_disc
    pg_encoding_max_length pg_lsn pg_partition_root pg_size_bytes pg_size_pretty pg_snapshot_xip
    pg_snapshot_xmax pg_snapshot_xmin pg_visible_in_snapshot pi point polygon position pow power querytree
    quote_ident radians radius range_agg rank regexp_count regexp_instr regexp_like regexp_match regexp_matches
    regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number
    rpad rtrim scale set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 sign similar_escape
    similar_to_escape sin sind sinh slope split_part sqrt starts_with stddev stddev_pop stddev_samp string_agg
    string_to_array string_to_table strip strpos substr substring sum tan tand tanh text to_ascii to_bin to_hex
    to_oct translate trim_array trim_scale trunc ts_delete ts_filter ts_lexize ts_rank ts_rank_cd tsmultirange
    tsrange tstzmultirange tstzrange tsvector_to_array txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin
    txid_visible_in_snapshot unistr unnest upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version
    var_pop var_samp varbit varchar variance width width_bucket xid xml_is_well_formed_content
    xml_is_well_formed_document xmlagg xmlcomment xmlexists xmlvalidate xpath xpath_exists
    """.split()
)
"""Functions whose result depends on nothing but their arguments; aggregates and window functions among them."""

STABLE = frozenset(
    """
    age array_to_json array_to_string col_description concat concat_ws convert convert_from convert_to
    current_catalog current_database current_schema current_schemas current_setting current_user date date_add
    date_part date_subtract date_trunc enum_first enum_last enum_range extract format format_type
    generate_series get_current_ts_config getdatabaseencoding getpgusername has_any_column_privilege
    has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege
    has_language_privilege has_parameter_privilege has_schema_privilege has_sequence_privilege
    has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege inet_client_addr
    inet_client_port inet_server_addr inet_server_port json_agg json_build_array json_build_object
    json_object_agg json_populate_record json_populate_recordset json_to_record json_to_recordset
    json_to_tsvector jsonb_agg jsonb_build_array jsonb_build_object jsonb_path_exists_tz jsonb_path_match_tz
    jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
    jsonb_populate_recordset jsonb_to_record jsonb_to_recordset jsonb_to_tsvector length make_timestamptz money
    mxid_age now numeric obj_description oidvectortypes overlaps pg_backend_pid pg_char_to_encoding
    pg_client_encoding pg_collation_for pg_collation_is_visible pg_column_compression pg_column_size
    pg_conversion_is_visible pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned
    pg_describe_object pg_encoding_to_char pg_function_is_visible pg_has_role pg_is_other_temp_schema
    pg_my_temp_schema pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
    pg_postmaster_start_time pg_relation_filenode pg_relation_filepath pg_relation_is_publishable
    pg_relation_is_updatable pg_sequence_parameters pg_table_is_visible pg_trigger_depth pg_ts_config_is_visible
    pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof
    phraseto_tsquery plainto_tsquery quote_literal quote_nullable regclass row_security_active row_to_json
    session_user shobj_description statement_timestamp time timestamp timestamptz timetz timezone to_char
    to_date to_json to_jsonb to_number to_regclass to_regcollation to_regnamespace to_regoper to_regoperator
    to_regproc to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp
    ts_debug ts_headline ts_parse ts_token_type txid_current txid_current_if_assigned txid_current_snapshot
    version websearch_to_tsquery xml xml_is_well_formed
    """.split()
)
"""Functions whose result stays the same within one statement."""

_VOLATILE = frozenset(
    "clock_timestamp currval gen_random_uuid lastval nextval random random_normal setseed setval timeofday".split()
)
_SOME_IMMUTABLE = frozenset(
    """
    age date date_part date_trunc extract generate_series json_to_tsvector jsonb_to_tsvector length numeric overlaps
    phraseto_tsquery plainto_tsquery quote_literal quote_nullable time timestamp timestamptz timetz timezone
    to_timestamp to_tsquery to_tsvector ts_headline ts_parse ts_token_type websearch_to_tsquery
    """.split()
)
"""Names of STABLE of which a form for other arguments is immutable."""
_NEVER_WITH = {
    "age": 1,
    "date_trunc": 3,
    "json_to_tsvector": 2,
    "jsonb_to_tsvector": 2,
    "length": 2,
    "phraseto_tsquery": 1,
    "plainto_tsquery": 1,
    "timestamptz": 1,
    "timetz": 1,
    "to_timestamp": 2,
    "to_tsquery": 1,
    "to_tsvector": 1,
    "ts_headline": 2,
    "websearch_to_tsquery": 1,
}
"""The number of arguments with which no form of these is immutable."""


def is_never_immutable(function: str, arguments: int) -> bool:
    """Whether no form of PostgreSQL's own function that takes so many arguments is immutable."""
    if function in _SOME_IMMUTABLE:
        return _NEVER_WITH.get(function) == arguments
    return function in STABLE or function in _VOLATILE
