/** What this program says it is to programs that ask: the release of Pacemaker whose interfaces it keeps. */
export const RELEASE = '2.1.5';
/** Level of the protocol between nodes; a node joins only those at this level or a newer one. */
export const FEATURE_SET = '3.16.1';
export const BUILD = 'pacemaker-ts 0.1.0';
export const FEATURES = 'agent-manpages local-bus monotonic systemd';
export const AUTHORS = 'the pacemaker-ts contributors';
