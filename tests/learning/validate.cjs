// Statements of xAPI on standard input, a list as JSON -> for each what Learning Locker's library finds wrong with it.
const validate = require('xapi-validation').default;

const statements = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const found = statements.flatMap((statement) => validate(statement).map((warning) => `${statement.verb?.id}: ${warning.constructor.name}: ${JSON.stringify(warning)}`));
process.stdout.write(JSON.stringify(found));
