import type { View } from '../../../schemas/fact.ts';
import { carriesDevices, hasDevices } from '../../core/view-rules.ts';

/** Why devices may be fewer than sites, even where no site has more than one. */
const SHOWN_MODELS_ONLY =
  'Devices are those of shown models; sites count those with a model that is held back as well, so a number of devices may be the smaller one.';

/** What whoever reads the numbers of a view has to know. */
export function noteOf(view: View): { readonly note?: string } {
  return hasDevices(view) && !carriesDevices(view) ? { note: SHOWN_MODELS_ONLY } : {};
}
