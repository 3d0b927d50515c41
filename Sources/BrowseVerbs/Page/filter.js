// What a person types to see fewer rows: words, and comparisons such as `status=failed auc>0.8`.

const COMPARISON = /^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/;

/** The columns that a name means: the one of that title, else those whose title ends in it. */
function columns(all, name) {
  const wanted = name.toLowerCase();
  const same = all.filter(column => column.title.toLowerCase() === wanted);
  return same.length ? same : all.filter(column => column.title.toLowerCase().split(/[ .]/).at(-1) === wanted);
}

function holds(value, sign, text) {
  if (value === null || value === undefined) return sign === "!=";
  const [a, b] = [Number(value), Number(text)];
  const areNumbers = text.trim() !== "" && value !== "" && !Number.isNaN(a) && !Number.isNaN(b);
  const [one, two] = areNumbers ? [a, b] : [String(value).toLowerCase(), text.toLowerCase()];
  switch (sign) {
    case "=": return one === two;
    case "!=": return one !== two;
    case "<": return one < two;
    case ">": return one > two;
    case "<=": return one <= two;
    default: return one >= two;
  }
}

/** Whether a row of these columns is to be seen; null where nothing is typed. */
export function filter(text, all) {
  const tests = text.split(/\s+/).filter(Boolean).map(word => {
    const parts = COMPARISON.exec(word);
    const named = parts ? columns(all, parts[1]) : [];
    if (named.length) return row => named.some(column => holds(column.filter?.(row) ?? column.value(row), parts[2], parts[3]));
    const wanted = word.toLowerCase();
    return row => all.some(column =>
      String(column.filter?.(row) ?? column.value(row) ?? "").toLowerCase().includes(wanted));
  });
  return tests.length ? row => tests.every(test => test(row)) : null;
}
