/** Help for the statements of crm syntax, which are commands of the level `configure`. */
interface StatementHelp {
  readonly usage: string;
  readonly summary: string;
  readonly help?: string;
}

const ATTRIBUTES = `A list of attributes may begin with a score ("params 3: …") and with rules, and then holds where they do;
$id=ID names it, and $id-ref=ID in another place takes it over. A single value can be named and taken over
too: $ID:name=value, @ID.`;

const RULES = `A rule is "rule [$id=ID] [$role=ROLE] [SCORE | ATTRIBUTE]: EXPRESSION [and | or EXPRESSION …]", and an
expression one of
  ATTRIBUTE [string: | number: | version:]{lt | gt | lte | gte | eq | ne} VALUE
  defined ATTRIBUTE, not_defined ATTRIBUTE
  date lt END, date gt START, date in start=START end=END, date in start=START DURATION, date spec FIELDS
where fields are hours, monthdays, weekdays, yearsdays, months, weeks, years, weekyears. Without a score it is inf.`;

const SETS = `More than two resources stand in sets: members of "a b c" depend each on the one before it, those of "( a b )"
are independent, and of "[ a b ]" any one will do.`;

export const STATEMENT_HELP: Readonly<Record<string, StatementHelp>> = {
  primitive: {
    usage: `ID {[CLASS:[PROVIDER:]]TYPE | @TEMPLATE} [description=TEXT] [[params] ATTRIBUTES] [meta ATTRIBUTES]
  [utilization ATTRIBUTES] [operations {$id=ID | $id-ref=ID}] [op NAME [ATTRIBUTES] [op_params …] [op_meta …]] …`,
    summary: 'define a resource',
    help: `A type alone is an OCF agent, of the provider heartbeat or else of the one that has it.\n\n${ATTRIBUTES}\n\n${RULES}`,
  },
  rsc_template: {
    usage: 'ID [CLASS:[PROVIDER:]]TYPE … (as primitive)',
    summary: 'define what several primitives have in common',
  },
  group: {
    usage: 'ID RSC … [description=TEXT] [params ATTRIBUTES] [meta ATTRIBUTES]',
    summary: 'keep resources together, started in their order',
  },
  clone: {
    usage: 'ID RSC [description=TEXT] [meta ATTRIBUTES] [params ATTRIBUTES]',
    summary: 'run a resource on several nodes',
  },
  ms: {
    usage: 'ID RSC [description=TEXT] [meta ATTRIBUTES] [params ATTRIBUTES]',
    summary: 'run a resource on several nodes, promoted on some of them',
  },
  bundle: {
    usage: `ID {docker | podman} image=… [NAME=VALUE …] [network … [port-mapping …] …]
  [storage [storage-mapping …] …] [primitive RSC] [meta ATTRIBUTES]`,
    summary: 'run a resource in containers',
  },
  location: {
    usage: 'ID {RSC | /REGEX/ | { SETS }} [role=ROLE] [resource-discovery=…] {SCORE: NODE | RULE …}',
    summary: 'say where a resource prefers to run, or must not',
    help: RULES,
  },
  colocation: {
    usage: 'ID SCORE: {RSC[:ROLE] WITH[:ROLE] | SETS} [node-attribute=NAME]',
    summary: 'keep a resource where another one is, or away from it',
    help: SETS,
  },
  order: {
    usage:
      'ID [Mandatory: | Optional: | Serialize: | SCORE:] {FIRST[:ACTION] THEN[:ACTION] | SETS} [symmetrical=…]',
    summary: 'say which resource acts before which',
    help: SETS,
  },
  rsc_ticket: {
    usage: 'ID TICKET: RSC[:ROLE] … [loss-policy={stop | demote | fence | freeze}]',
    summary: 'let resources run only where a ticket is granted',
  },
  monitor: {
    usage: 'RSC[:ROLE] INTERVAL[:TIMEOUT]',
    summary: 'add a monitor operation to a primitive',
  },
  node: {
    usage: '[ID: | $id=ID] NAME[:TYPE] [description=TEXT] [attributes ATTRIBUTES] [utilization ATTRIBUTES]',
    summary: 'describe a node',
  },
  property: {
    usage: '[SET:] [RULE …] NAME=VALUE …',
    summary: 'set options of the cluster',
    help: RULES,
  },
  rsc_defaults: {
    usage: '[SET:] [RULE …] NAME=VALUE …',
    summary: 'set defaults for meta attributes of resources',
  },
  op_defaults: { usage: '[SET:] [RULE …] NAME=VALUE …', summary: 'set defaults for operations' },
  tag: { usage: 'NAME: ID …', summary: 'give a name to several objects' },
  fencing_topology: {
    usage: '{LEVEL … | TARGET LEVEL … [TARGET LEVEL …]}',
    summary: 'say which fence devices are tried, in which order',
    help: `A level is DEVICE[,DEVICE …]: all of its devices must succeed. A target is "NODE:", "pattern:REGEX" or
"attr:NAME=VALUE"; levels without one hold for every node that is known now.`,
  },
  role: {
    usage: 'ID {read | write | deny} SELECTOR … [{read | write | deny} SELECTOR …]',
    summary: 'define what those who have the role may do',
    help: `A selector is xpath:XPATH, ref:ID, type:ELEMENT [attribute:NAME], or one of the short forms meta:RSC[:NAME],
params:RSC[:NAME], utilization:RSC, location:RSC, property[:NAME], node[:NAME], nodeattr[:NAME], nodeutil[:NAME],
status, cib.`,
  },
  user: { usage: 'NAME role:ROLE …', summary: 'give roles to a user (older schemas)' },
  acl_target: { usage: 'NAME ROLE …', summary: 'give roles to a user' },
  acl_group: { usage: 'NAME ROLE …', summary: 'give roles to a group of users' },
  alert: {
    usage: `ID PATH [attributes …] [meta …] [select {nodes | fencing | resources | attributes [{ NAME … }]} …]
  [to { RECIPIENT [attributes …] [meta …] } …]`,
    summary: 'call an alert agent on events',
  },
  xml: { usage: '<ELEMENT …>', summary: 'define an object in XML' },
};
