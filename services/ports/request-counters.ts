import type { RequestCounting } from '../core/request-limit.ts';
import type { Resource } from './resource.ts';

/** Requests that are counted for a minute and then forgotten by themselves, and nothing else. */
export interface RequestCounters extends RequestCounting, Pick<Resource, 'close'> {}
