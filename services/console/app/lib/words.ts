import type { View } from './answers.ts';

/** What categories are called: one, many, and at the head of a list. */
const CATEGORY: Readonly<Record<string, readonly [string, string]>> = {
  phone: ['phone', 'phones'],
  softphone: ['softphone', 'softphones'],
  mobile: ['mobile app', 'mobile apps'],
  dect: ['DECT device', 'DECT devices'],
  ata: ['adapter', 'adapters'],
  gateway: ['gateway', 'gateways'],
  doorphone: ['door phone', 'door phones'],
  conference: ['conference phone', 'conference phones'],
  headset: ['headset', 'headsets'],
  pci: ['telephony card', 'telephony cards'],
  nic: ['network card', 'network cards'],
  cpu: ['processor', 'processors'],
  memory: ['memory size', 'memory sizes'],
  board: ['motherboard', 'motherboards'],
  virtual: ['hypervisor', 'hypervisors'],
};

export const CATEGORY_NAMES = Object.keys(CATEGORY);

export function one(category: string): string {
  return CATEGORY[category]?.[0] ?? category;
}
export function many(category: string): string {
  return CATEGORY[category]?.[1] ?? category;
}
export function headline(category: string): string {
  return capital(many(category));
}
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The views that can be explored, in the order of their switch. */
export const EXPLORE_VIEWS: readonly { readonly view: View; readonly label: string; readonly row: string }[] = [
  { view: 'vendor', label: 'Makers', row: 'Maker' },
  { view: 'model', label: 'Models', row: 'Model' },
  { view: 'platform', label: 'Platforms', row: 'Platform' },
  { view: 'platform_vendor', label: 'Makers by platform', row: 'Maker on a platform' },
  { view: 'category', label: 'Categories', row: 'Category' },
];

export const STEP_WORDS: Readonly<Record<string, string>> = {
  CLOSING: 'Reports are no longer taken',
  DRAINED: 'Every fact has arrived',
  FROZEN: 'Counted a last time',
  NOISED: 'Noise added',
  VERIFIED: 'Checked',
  DESTROYED: 'Facts destroyed',
  RELEASED: 'Released',
};

export const QUERY_WORDS: Readonly<Record<string, string>> = {
  all: 'all sites',
  at_cap: 'sites that stand at the cap of phones',
  platform: 'sites by platform',
  platform_vendor: 'sites by platform and maker',
  phone_vendor: 'sites by phone maker',
  phone_model: 'sites by phone model',
  endpoint_model: 'sites by model of other endpoints',
  pci_model: 'sites by telephony card',
  nic_model: 'sites by network card',
  cpu: 'sites by processor',
  memory: 'sites by memory size',
  board: 'sites by motherboard',
};

export const NO_NOISE = 'A month released by threshold alone. What it reveals has no bound.';
export const EXACT = 'Do not pass exact numbers on: the promise to owners ends where they are shared.';
