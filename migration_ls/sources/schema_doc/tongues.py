"""Words that head tables, lists and lines about a schema, in the languages in which people document: patterns."""

TABLE = r"(?:tables?|tablas?|tabellen?|tabelas?|tabelle)"
COLUMN = (
    r"(?:columns?|fields?|attributes?|columnas?|campos?|atributos?|spalten?|felder|feld|colonnes?|champs?|colunas?)"
)
INDEX = r"(?:index(?:es)?|indices|[ií]ndices?|indizes|indici)"
CONSTRAINT = r"(?:constraints?|restricci(?:[oó]n|ones)|einschränkung(?:en)?|contraintes?|restriç(?:ão|ões))"
UNIQUE = r"(?:unique|[uú]nic[oa]s?|eindeutig(?:er|e)?)"
TYPE = r"(?:types?|tipos?|typ|art)"
NAME = r"(?:name|nombre|nom|nome|bezeichnung)"
