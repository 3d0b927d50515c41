-- Checks the events in `documents` and writes them in the order and shape of the simulation.
-- What is wrong goes as one line to the file `problem`; then the events are of no use.

-- The columns of an event, those of one struct side by side; others of a file are left out.
SET VARIABLE required = ['_id', 'eventType', 'timestamp', '_<tenant>.cmle_id'];
SET VARIABLE leaves = getvariable('required') || [
  'producedBy', 'eventMergeId',
  'directMarketing.emailDelivered.value', 'directMarketing.sends.value',
  'directMarketing.emailVisitorID', 'directMarketing.hashedEmail', 'directMarketing.messageID',
  'directMarketing.offerOpens.value', 'directMarketing.opens.value', 'directMarketing.clicks.value',
  'web.webInteraction.linkClicks.value', 'web.webInteraction.URL', 'web.webInteraction.name',
  'web.webInteraction.region', 'web.webInteraction.type',
  'web.webPageDetails.pageViews.value', 'web.webPageDetails.URL', 'web.webPageDetails.isErrorPage',
  'web.webPageDetails.name', 'web.webPageDetails.server', 'web.webPageDetails.siteSection',
  'web.webPageDetails.viewName',
  'web.webReferrer.URL', 'web.webReferrer.type'];
SET VARIABLE structs = [
  '_<tenant>', 'directMarketing', 'directMarketing.emailDelivered', 'directMarketing.sends',
  'directMarketing.offerOpens', 'directMarketing.opens', 'directMarketing.clicks', 'web',
  'web.webInteraction', 'web.webInteraction.linkClicks', 'web.webPageDetails',
  'web.webPageDetails.pageViews', 'web.webReferrer'];

-- In CSV the dots are part of a column's name.
CREATE MACRO paths(names) AS list_transform(names, lambda name:
  '$."' || CASE WHEN getvariable('format') = 'CSV' THEN name ELSE replace(name, '.', '"."') END
  || '"');
SET VARIABLE leaf_paths = paths(getvariable('leaves'));
SET VARIABLE struct_paths = paths(getvariable('structs'));
-- The kinds of JSON value that a struct can't be; in CSV it can't be a column at all.
SET VARIABLE no_struct = ['ARRAY', 'VARCHAR', 'BOOLEAN', 'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE']
  || CASE WHEN getvariable('format') = 'CSV' THEN ['NULL', 'OBJECT'] ELSE [] END;

CREATE MACRO leaf(found, name) AS found[list_position(getvariable('leaves'), name)];

CREATE TEMP TABLE events AS
SELECT
  row_number,
  CASE WHEN document IS NULL THEN coalesce(text[:60], '') END AS malformed,
  json_extract_string(document, getvariable('leaf_paths')) AS found,
  TRY_CAST(leaf(found, 'timestamp') AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS "time",
  json_type(document, getvariable('struct_paths')) AS kinds,
  list_has_any(kinds, getvariable('no_struct')) AS misshapen
FROM documents;

-- Leaves that hold more than text, as text.
CREATE TEMP VIEW cells AS
SELECT row_number, "time", unnest(list_filter(
  list_transform(
    list_filter(getvariable('leaves'), lambda name: regexp_matches(
      name, '^timestamp$|\.isErrorPage$|\.value$')),
    lambda name: {'name': name, 'text': leaf(found, name)}),
  lambda cell: cell.text IS NOT NULL), recursive := true)
FROM events;

-- What is wrong, by rule and row. Each text continues "the CSV file ".
CREATE TEMP VIEW problems AS
SELECT 1 AS rule, 0 AS row_number, 'holds no events' AS what
WHERE NOT EXISTS (FROM events)
UNION ALL
SELECT 2, row_number, format(
  'is malformed in line {}: ''{}'' is not a JSON object; give one object a line',
  row_number, malformed)
FROM events WHERE malformed IS NOT NULL
UNION ALL
SELECT 3, row_number, format('has no struct in column ''{}'' of row {}; ', name, row_number)
  || CASE WHEN getvariable('format') = 'CSV'
    THEN 'give its fields as columns of their own, such as ''' || list_filter(
      getvariable('leaves'), lambda leaf_name: starts_with(leaf_name, name || '.'))[1] || ''''
    ELSE 'give one or nothing' END
FROM (
  SELECT
    row_number,
    unnest(getvariable('structs')) AS name,
    list_contains(getvariable('no_struct'), unnest(kinds)) AS misshapen
  FROM events WHERE misshapen)
WHERE misshapen
UNION ALL
SELECT 4, list_position(getvariable('required'), name), format(
  'has no column ''{}''; it has: {}', name, array_to_string(json_keys(document), ', '))
FROM (
  SELECT document, unnest(getvariable('required')) AS name FROM (FROM documents LIMIT 1))
WHERE json_type(document, paths([name])[1]) IS NULL AND name NOT IN (
  SELECT unnest(list_filter(getvariable('required'), lambda name: leaf(found, name) IS NOT NULL))
  FROM events)
UNION ALL
SELECT 5, row_number, format('has nothing in column ''{}'' of row {}', name, row_number)
FROM (SELECT row_number, found, unnest(getvariable('required')) AS name FROM events)
WHERE coalesce(leaf(found, name), '') = ''
UNION ALL
SELECT 6, row_number, format(
  'has ''{}'' in column ''{}'' of row {}; give ', text[:60], name, row_number) || CASE name
  WHEN 'timestamp' THEN 'a time such as 2024-05-01T12:30:00Z'
  WHEN 'web.webPageDetails.isErrorPage' THEN 'true or false'
  ELSE 'a number' END
FROM cells
WHERE NOT coalesce(CASE name
  WHEN 'timestamp' THEN isfinite("time")
  WHEN 'web.webPageDetails.isErrorPage' THEN TRY_CAST(text AS BOOLEAN) IS NOT NULL
  ELSE isfinite(TRY_CAST(text AS DOUBLE)) END, false)
UNION ALL
SELECT 7, min(row_number), format(
  'has ''{}'' in column ''_id'' of the rows {} and {}; give each event an id of its own',
  leaf(found, '_id'), min(row_number), min(row_number, 2)[2])
FROM events GROUP BY leaf(found, '_id') HAVING count(*) > 1;

COPY (
  SELECT format('the {} file {}', getvariable('format'), regexp_replace(what, '\s', ' ', 'g'))
  FROM problems ORDER BY rule, row_number, what LIMIT 1
) TO (getvariable('problem')) (
  FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01');

-- A struct without any value is null, whatever the format of the file makes of it.
CREATE MACRO number_struct(text) AS
  CASE WHEN text IS NOT NULL THEN {'value': TRY_CAST(text AS DOUBLE)} END;
CREATE MACRO has_any(found, first_name, last_name) AS list_count(
  found[list_position(getvariable('leaves'), first_name)
    :list_position(getvariable('leaves'), last_name)]) > 0;

COPY (
  SELECT
    leaf(found, '_id') AS _id,
    leaf(found, 'eventType') AS eventType,
    "time" AS "timestamp",
    leaf(found, 'producedBy') AS producedBy,
    leaf(found, 'eventMergeId') AS eventMergeId,
    {'cmle_id': leaf(found, '_<tenant>.cmle_id')} AS "_<tenant>",
    CASE WHEN has_any(
      found, 'directMarketing.emailDelivered.value', 'directMarketing.clicks.value') THEN {
      'emailDelivered': number_struct(leaf(found, 'directMarketing.emailDelivered.value')),
      'sends': number_struct(leaf(found, 'directMarketing.sends.value')),
      'emailVisitorID': leaf(found, 'directMarketing.emailVisitorID'),
      'hashedEmail': leaf(found, 'directMarketing.hashedEmail'),
      'messageID': leaf(found, 'directMarketing.messageID'),
      'offerOpens': number_struct(leaf(found, 'directMarketing.offerOpens.value')),
      'opens': number_struct(leaf(found, 'directMarketing.opens.value')),
      'clicks': number_struct(leaf(found, 'directMarketing.clicks.value'))
    } END AS directMarketing,
    CASE WHEN has_any(
      found, 'web.webInteraction.linkClicks.value', 'web.webReferrer.type') THEN {
      'webInteraction': CASE WHEN has_any(
      found, 'web.webInteraction.linkClicks.value', 'web.webInteraction.type') THEN {
        'linkClicks': number_struct(leaf(found, 'web.webInteraction.linkClicks.value')),
        'URL': leaf(found, 'web.webInteraction.URL'),
        'name': leaf(found, 'web.webInteraction.name'),
        'region': leaf(found, 'web.webInteraction.region'),
        'type': leaf(found, 'web.webInteraction.type')
      } END,
      'webPageDetails': CASE WHEN has_any(
      found, 'web.webPageDetails.pageViews.value', 'web.webPageDetails.viewName') THEN {
        'pageViews': number_struct(leaf(found, 'web.webPageDetails.pageViews.value')),
        'URL': leaf(found, 'web.webPageDetails.URL'),
        'isErrorPage': TRY_CAST(leaf(found, 'web.webPageDetails.isErrorPage') AS BOOLEAN),
        'name': leaf(found, 'web.webPageDetails.name'),
        'server': leaf(found, 'web.webPageDetails.server'),
        'siteSection': leaf(found, 'web.webPageDetails.siteSection'),
        'viewName': leaf(found, 'web.webPageDetails.viewName')
      } END,
      'webReferrer': CASE WHEN has_any(
      found, 'web.webReferrer.URL', 'web.webReferrer.type') THEN {
        'URL': leaf(found, 'web.webReferrer.URL'),
        'type': leaf(found, 'web.webReferrer.type')
      } END
    } END AS web
  FROM events
  ORDER BY "timestamp", _id
) TO (getvariable('events')) (
  FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
