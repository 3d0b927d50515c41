-- Writes the events of `given` that are not in `dropped`, in the order and shape of the simulation, and
-- beside them the place of each in its file. Columns of `given` have the dotted names of an event.

-- A struct without any value is null, whatever the format of the file makes of it.
CREATE TEMP MACRO number_struct(x) AS CASE WHEN x IS NOT NULL THEN {'value': x} END;

CREATE TEMP VIEW kept AS SELECT * FROM given ANTI JOIN dropped USING (line);

COPY (
  SELECT
    _id,
    eventType,
    "timestamp",
    producedBy,
    eventMergeId,
    {'cmle_id': "_<tenant>.cmle_id"} AS "_<tenant>",
    CASE WHEN coalesce(
      "directMarketing.emailDelivered.value", "directMarketing.sends.value",
      "directMarketing.offerOpens.value", "directMarketing.opens.value",
      "directMarketing.clicks.value") IS NOT NULL
    OR coalesce(
      "directMarketing.emailVisitorID", "directMarketing.hashedEmail",
      "directMarketing.messageID") IS NOT NULL THEN {
      'emailDelivered': number_struct("directMarketing.emailDelivered.value"),
      'sends': number_struct("directMarketing.sends.value"),
      'emailVisitorID': "directMarketing.emailVisitorID",
      'hashedEmail': "directMarketing.hashedEmail",
      'messageID': "directMarketing.messageID",
      'offerOpens': number_struct("directMarketing.offerOpens.value"),
      'opens': number_struct("directMarketing.opens.value"),
      'clicks': number_struct("directMarketing.clicks.value")
    } END AS directMarketing,
    CASE WHEN webInteraction OR webPageDetails OR webReferrer THEN {
      'webInteraction': CASE WHEN webInteraction THEN {
        'linkClicks': number_struct("web.webInteraction.linkClicks.value"),
        'URL': "web.webInteraction.URL",
        'name': "web.webInteraction.name",
        'region': "web.webInteraction.region",
        'type': "web.webInteraction.type"
      } END,
      'webPageDetails': CASE WHEN webPageDetails THEN {
        'pageViews': number_struct("web.webPageDetails.pageViews.value"),
        'URL': "web.webPageDetails.URL",
        'isErrorPage': "web.webPageDetails.isErrorPage",
        'name': "web.webPageDetails.name",
        'server': "web.webPageDetails.server",
        'siteSection': "web.webPageDetails.siteSection",
        'viewName': "web.webPageDetails.viewName"
      } END,
      'webReferrer': CASE WHEN webReferrer THEN {
        'URL': "web.webReferrer.URL",
        'type': "web.webReferrer.type"
      } END
    } END AS web
  FROM (
    SELECT *,
      "web.webInteraction.linkClicks.value" IS NOT NULL OR coalesce(
        "web.webInteraction.URL", "web.webInteraction.name", "web.webInteraction.region",
        "web.webInteraction.type") IS NOT NULL AS webInteraction,
      "web.webPageDetails.pageViews.value" IS NOT NULL
      OR "web.webPageDetails.isErrorPage" IS NOT NULL OR coalesce(
        "web.webPageDetails.URL", "web.webPageDetails.name", "web.webPageDetails.server",
        "web.webPageDetails.siteSection", "web.webPageDetails.viewName") IS NOT NULL
        AS webPageDetails,
      coalesce("web.webReferrer.URL", "web.webReferrer.type") IS NOT NULL AS webReferrer
    FROM kept)
  ORDER BY "timestamp", _id
) TO (getvariable('events')) (
  FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);

COPY (SELECT line FROM kept ORDER BY "timestamp", _id) TO (getvariable('lines')) (
  FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880);
