-- Shapes simulated events as XDM experience events, ordered by (timestamp, _id).
-- Every "random" value is a hash of (seed, user, ordinal of the event), never random().
SET VARIABLE window_start = epoch_us(
  getvariable('reference_date')::DATE - to_weeks(getvariable('weeks_before_reference')::INTEGER));

-- Takes the element of a list that the draw's bits from `shift` on choose.
CREATE MACRO pick(choices, draw, shift) AS
  choices[((draw >> shift) % len(choices)::UBIGINT)::INTEGER + 1];

CREATE TEMP VIEW simulated AS
SELECT
  *,
  concat_ws(':', getvariable('seed'), user_number, ordinal) AS event_key
FROM read_csv(
  getvariable('simulated'), header = false, auto_detect = false, delim = ',',
  columns = {
    'user_number': 'BIGINT', 'ordinal': 'INTEGER', 'eventType': 'VARCHAR', 'microseconds': 'BIGINT',
    'ecid': 'VARCHAR'
  });

-- Sorted while narrow; the wide structs are made afterwards, in the order of their rows.
CREATE TEMP TABLE ordered AS
SELECT
  md5(event_key)::UUID::VARCHAR AS _id,
  make_timestamp(getvariable('window_start') + microseconds) AS "timestamp",
  eventType,
  ecid,
  user_number,
  event_key,
  md5_number_lower('fields:' || event_key) AS hash
FROM simulated
ORDER BY "timestamp", _id;

COPY (
  SELECT
    _id,
    eventType,
    "timestamp",
    'databricks-synthetic' AS producedBy,
    NULL::VARCHAR AS eventMergeId,
    {'cmle_id': ecid} AS "_<tenant>",
    CASE eventType
      WHEN 'directMarketing.emailSent' THEN {
        'emailDelivered': {'value': 1.0::DOUBLE},
        'sends': {'value': 1.0::DOUBLE},
        'emailVisitorID': md5('visitor:' || ecid)::UUID::VARCHAR,
        'hashedEmail': sha256('synthetic-user-' || user_number || '@adobe.com'),
        'messageID': md5('message:' || event_key)::UUID::VARCHAR,
        'offerOpens': NULL::STRUCT("value" DOUBLE),
        'opens': NULL::STRUCT("value" DOUBLE),
        'clicks': NULL::STRUCT("value" DOUBLE)
      }
      WHEN 'directMarketing.emailOpened' THEN {
        'emailDelivered': NULL::STRUCT("value" DOUBLE),
        'sends': NULL::STRUCT("value" DOUBLE),
        'emailVisitorID': md5('visitor:' || ecid)::UUID::VARCHAR,
        'hashedEmail': NULL::VARCHAR,
        'messageID': md5('message:' || event_key)::UUID::VARCHAR,
        'offerOpens': {'value': 1.0::DOUBLE},
        'opens': {'value': 1.0::DOUBLE},
        'clicks': NULL::STRUCT("value" DOUBLE)
      }
      WHEN 'directMarketing.emailClicked' THEN {
        'emailDelivered': NULL::STRUCT("value" DOUBLE),
        'sends': NULL::STRUCT("value" DOUBLE),
        'emailVisitorID': md5('visitor:' || ecid)::UUID::VARCHAR,
        'hashedEmail': NULL::VARCHAR,
        'messageID': md5('message:' || event_key)::UUID::VARCHAR,
        'offerOpens': {'value': 1.0::DOUBLE},
        'opens': NULL::STRUCT("value" DOUBLE),
        'clicks': {'value': 1.0::DOUBLE}
      }
    END AS directMarketing,
    CASE WHEN NOT starts_with(eventType, 'directMarketing.') THEN {
      'webInteraction': {
        'linkClicks': {
          'value': list_contains(
            ['advertising.clicks', 'commerce.purchases', 'web.webinteraction.linkClicks',
              'web.formFilledOut', 'decisioning.propositionInteract',
              'decisioning.propositionDismiss'], eventType)::INTEGER::DOUBLE
        },
        'URL': 'https://www.luma.example/' || pick(
          ['women', 'men', 'gear', 'training', 'sale', 'collections'], hash, 0) || '/' || pick(
          ['tops', 'pants', 'bags', 'watches', 'video', 'yoga', 'shoes'], hash, 8) || '.html',
        'name': pick(['banner', 'navigation', 'product', 'search', 'footer', 'cart'], hash, 16),
        'region': pick(['us-east', 'us-west', 'emea', 'apac', 'latam'], hash, 20),
        'type': pick(['download', 'exit', 'other'], hash, 24)
      },
      'webPageDetails': {
        'pageViews': {'value': 1.0::DOUBLE},
        'URL': 'https://www.luma.example/' || pick(
          ['women', 'men', 'gear', 'training', 'sale', 'collections'], hash, 0) || '.html',
        'isErrorPage': false,
        'name': pick(['home', 'category', 'product', 'cart', 'checkout', 'account'], hash, 34),
        'server': 'web-' || pick(['1', '2', '3', '4'], hash, 38),
        'siteSection': pick(['women', 'men', 'gear', 'training', 'sale'], hash, 42),
        'viewName': pick(['list', 'detail', 'overview', 'form'], hash, 46)
      },
      'webReferrer': {
        'URL': 'https://' || pick(
          ['www.luma.example', 'search.example', 'social.example', 'mail.example',
            'news.example'], hash, 50) || '/',
        'type': pick(
          ['internal', 'external', 'search_engine', 'email', 'social', 'unknown', 'usenet',
            'typed_bookmarked'], hash, 56)
      }
    } END AS web
  FROM ordered
) TO (getvariable('events')) (
  FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
