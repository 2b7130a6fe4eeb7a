// Two files of Ink are changed where the full screen is bundled or tested: what it does to each row of each frame.

const ONLY_GET = 'get() {'
const ROWS_FIRST = `get() {
        const rows = takeRows(this);
        if (rows !== undefined) return rows;`
const TAKE_ROWS = `
const ignorable = /\\p{Default_Ignorable_Code_Point}/u;
function takeRows({ operations, height }) {
  const lines = Array.from({ length: height });
  for (const { type, x, y, text, transformers } of operations) {
    const isWhole = type === 'write' && x === 0 && y >= 0 && y < height && !text.includes('\\n');
    if (!isWhole || lines[y] !== undefined || ignorable.test(text)) return undefined;
    lines[y] = transformers.reduce((line, transform) => transform(line, 0), text).trimEnd();
  }
  return { output: lines.map((line) => line ?? '').join('\\n'), height };
}
`

const ONLY_SANITIZE = 'const sanitizeAnsi = (text) => {'
/** Of the last texts: a screen has fewer rows. */
const SANITIZE_ONCE = `
let known = new Map();
let older = new Map();
const sanitizeAnsi = (text) => {
  const clean = known.get(text) ?? older.get(text) ?? sanitizeAnew(text);
  if (known.size > 300) {
    older = known;
    known = new Map();
  }
  known.set(text, clean);
  return clean;
};
const sanitizeAnew = (text) => {`

/** Files of Ink by name, and how the text of each is changed; a file that is not the known one is an error. */
export const INK_PATCHES = [
  {
    // Every character of every frame gets a cell of its own, and rows are made of the cells again. Where each row is
    // written once and whole, as on this screen, the rows are what they were.
    file: /ink\/build\/output\.js$/,
    apply: (text, path) => replaceOnly(text, ONLY_GET, { by: ROWS_FIRST, path }) + TAKE_ROWS,
  },
  {
    // Every row of every frame is looked through for sequences; most rows are those of the frame before.
    file: /ink\/build\/sanitize-ansi\.js$/,
    apply: (text, path) => replaceOnly(text, ONLY_SANITIZE, { by: SANITIZE_ONCE, path }),
  },
]

function replaceOnly(text, part, { by, path }) {
  const found = text.split(part)
  if (found.length !== 2)
    throw new Error(`${path} is not the file that is known: "${part}" is there ${found.length - 1} times`)
  return found.join(by)
}
