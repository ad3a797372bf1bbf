// A host that no Service or ServiceEntry has, as a finding says it.
import { isWildcard } from '../base/host-index';
import type { Absence } from '../mesh/objects/absent-hosts';
import type { Spot } from './finding';

/** Message and fix for a host; nothing where it may exist. @param written the host before Istio completes it */
export function hostFault(absence: Absence, written: string, host: string): Pick<Spot, 'message' | 'fix'> | undefined {
  switch (absence.is) {
    case 'cut-short': {
      const message = `host "${host}" contains a dot, so Istio treats it as a full name, and no Service or ServiceEntry has it`;
      return { message, fix: `Use ${absence.meant}.` };
    }
    case 'in-other-namespace': {
      const message = `Istio completes host "${written}" to ${host}, but the only Service with this name is in namespace ${absence.namespace}`;
      return { message, fix: `Use ${absence.meant}.` };
    }
    case 'nowhere': {
      const what = written === host ? `host "${host}" does not exist` : `Istio completes host "${written}" to ${host}, which does not exist`;
      const message = isWildcard(host) ? `no Service or ServiceEntry has a host that fits ${host}` : `${what}: no Service or ServiceEntry has it`;
      return { message, fix: 'Correct the host, or create the Service or ServiceEntry.' };
    }
    case 'unknown':
      return undefined;
  }
}
