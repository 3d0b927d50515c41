-- Sales of an invented shop. Every draw follows from the seed, a name and a number; prices are whole
-- pence until they are written.

CREATE MACRO draw(name, number, count) AS
  (md5_number_lower(concat_ws(' ', getvariable('seed'), name, number)) % count)::BIGINT;

-- Twenty rows make an invoice, an invoice follows the last after 21 minutes.
CREATE TEMP TABLE invoices AS
SELECT
  invoice,
  draw('cancelled', invoice, 60) = 0 AS is_cancelled,
  TIMESTAMP '2010-12-01 08:26:00' + to_minutes(21 * invoice) AS sold_at,
  CASE WHEN draw('anonymous', invoice, 4) > 0 THEN 12346 + draw('customer', invoice, 4372) END
    AS customer,
  CASE WHEN draw('abroad', invoice, 12) > 0 THEN 'United Kingdom'
    ELSE ['France', 'Germany', 'EIRE', 'Spain', 'Netherlands', 'Belgium', 'Norway', 'Portugal']
      [1 + draw('country', invoice, 8)] END AS country
FROM range(0, (getvariable('rows') + 19) // 20) t(invoice);

-- Few items are sold often. Codes that lie side by side cost alike, some have a letter.
CREATE TEMP TABLE items AS
SELECT
  item,
  (20000 + 21 * item)::VARCHAR
    || CASE WHEN draw('letter', item, 5) = 0 THEN chr((65 + draw('variant', item, 3))::INTEGER)
       ELSE '' END AS code,
  least(item // 260 + draw('tier', item, 3), 13) AS tier,
  [42, 65, 85, 125, 165, 195, 255, 295, 375, 425, 495, 795, 995, 1275][1 + tier] AS pence
FROM range(0, 3000) t(item);

CREATE TEMP TABLE sales AS
SELECT
  row, invoices.*, items.*,
  CASE
    WHEN tier >= 9 THEN 1 + draw('few', row, 6)
    ELSE [1, 1, 2, 3, 4, 6, 6, 8, 10, 12, 12, 24, 25, 48, 96, 144][1 + draw('many', row, 16)]
  END AS quantity,
  draw('odd', row, 400) AS odd
FROM range(0, getvariable('rows')) t(row)
JOIN invoices ON invoice = row // 20
JOIN items ON item = least(draw('item', row, 3000), draw('other item', row, 3000));

COPY (
  SELECT
    CASE WHEN is_cancelled THEN 'C' ELSE '' END || (536365 + invoice) AS InvoiceNo,
    CASE odd WHEN 0 THEN 'POST' WHEN 1 THEN 'M' ELSE code END AS StockCode,
    CASE
      WHEN odd = 0 THEN 'POSTAGE' WHEN odd = 1 THEN 'Manual'
      WHEN odd > 2 THEN 'ITEM ' || item || CASE WHEN item % 9 = 0 THEN ', BOXED' ELSE '' END
    END AS Description,
    CASE WHEN is_cancelled OR odd = 3 THEN -quantity ELSE quantity END AS Quantity,
    strftime(sold_at, '%m/%d/%Y %H:%M') AS InvoiceDate,
    (CASE
      WHEN odd = 0 THEN 1800
      WHEN odd = 1 THEN 100 * (1 + draw('manual', row, 120))
      WHEN odd = 2 THEN 0
      WHEN customer IS NULL THEN pence * 166 // 100
      WHEN quantity >= 48 THEN pence * 85 // 100
      ELSE pence
    END / 100)::DECIMAL(12, 2) AS UnitPrice,
    customer AS CustomerID,
    country AS Country
  FROM sales
  ORDER BY row
) TO (getvariable('sales')) (FORMAT csv, HEADER);
