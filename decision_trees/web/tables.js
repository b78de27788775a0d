// On a phone wide tables are set as blocks, and some browsers then forget that they are tables. Roles remind them.
// They are set here, since in the page itself they would only repeat what the tags say.

const ROLES = { thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell', 'thead th': 'columnheader', 'tbody th': 'rowheader' };

for (const table of document.querySelectorAll('table.compare, table.decision-table')) {
  table.setAttribute('role', 'table');
  for (const [part, role] of Object.entries(ROLES)) for (const each of table.querySelectorAll(part)) each.setAttribute('role', role);
}
