import { FEATURE_SET } from '../model/version.ts';
import { element, type XmlElement } from '../xml/element.ts';

/** What new documents are written in: the newest schema that the release whose interfaces we keep knows too. */
export const NEWEST_SCHEMA = 'pacemaker-3.9';

export const emptyConfiguration = (): XmlElement =>
  element('configuration', {}, [
    element('crm_config'),
    element('nodes'),
    element('resources'),
    element('constraints'),
  ]);

/** A document as a cluster begins with; `epoch` 0 loses against every other. */
export const emptyCib = ({
  schema = NEWEST_SCHEMA,
  adminEpoch = 0,
  epoch = 0,
}: {
  readonly schema?: string;
  readonly adminEpoch?: number;
  readonly epoch?: number;
} = {}): XmlElement =>
  element(
    'cib',
    {
      crm_feature_set: FEATURE_SET,
      'validate-with': schema,
      epoch,
      num_updates: 0,
      admin_epoch: adminEpoch,
    },
    [emptyConfiguration(), element('status')],
  );
