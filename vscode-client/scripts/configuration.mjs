// From a JSON schema of settings to what the editor's settings page takes.

const SECTION = "migration-ls";

/** `contributes.configuration` for the server's settings, as a JSON schema, and the client's own ones. */
export function configurationOf(schema, clientSettings) {
  const server = Object.entries(schema.properties).map(([key, property]) => [key, settingOf(property, schema)]);
  const settings = [...server, ...Object.entries(clientSettings)].map(([key, setting], order) => [
    `${SECTION}.${key}`,
    { order, ...setting },
  ]);
  return { title: SECTION, properties: Object.fromEntries(settings) };
}

/**
 * One setting of the server's.
 *
 * Its default is null, which means not set: any other value would overrule the project's own file. The server's
 * default is told in the description.
 */
function settingOf(property, schema) {
  const { description, default: fallback, ...shape } = plain(property, schema);
  return {
    ...orNull(shape),
    default: null,
    scope: "resource",
    markdownDescription: [description, ...defaultSentence(fallback)].join(" "),
  };
}

function defaultSentence(fallback) {
  const isTelling = fallback !== undefined && !(Array.isArray(fallback) && fallback.length === 0);
  return isTelling ? [`Unless set here or in the project's file: \`${JSON.stringify(fallback)}\`.`] : [];
}

/** The property without titles and references, and without the alternative null and its default. */
function plain(property, schema) {
  if (Array.isArray(property)) {
    return property.map((one) => plain(one, schema));
  }
  if (property === null || typeof property !== "object") {
    return property;
  }
  const { $ref, anyOf, title, ...rest } = property;
  if (rest.default === null) {
    delete rest.default;
  }
  const others = anyOf?.filter((one) => one.type !== "null") ?? [];
  const base = $ref === undefined ? {} : plain(schema.$defs[$ref.replace("#/$defs/", "")], schema);
  if (others.length === 1) {
    Object.assign(base, plain(others[0], schema));
  } else if (others.length > 1) {
    base.anyOf = plain(others, schema);
  }
  const inner = Object.entries(rest).map(([key, value]) => [key, plainPart(key, value, schema)]);
  return { ...base, ...Object.fromEntries(inner) };
}

/** Below `default` and `enum` stand values, below `properties` names: neither are words of the schema. */
function plainPart(key, value, schema) {
  if (key === "default" || key === "enum") {
    return value;
  }
  if (key === "properties") {
    return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, plain(property, schema)]));
  }
  return plain(value, schema);
}

function orNull({ const: only, enum: values, type, anyOf, ...rest }) {
  const allowed = only === undefined ? values : [only];
  if (anyOf !== undefined) {
    return { anyOf: [...anyOf, { type: "null" }], ...rest };
  }
  return { type: [type, "null"], ...(allowed && { enum: [...allowed, null] }), ...rest };
}
