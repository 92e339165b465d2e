import type { Column, View } from '../../schemas/cell-names.ts';

// Written down again: what services/core/views.ts says is what tests check.

/** The columns a view uses; the others are empty. */
export const VIEW_COLUMNS: Readonly<Record<View, readonly Column[]>> = {
  site: [],
  platform: ['platform'],
  category: ['category'],
  vendor: ['category', 'vendor'],
  platform_vendor: ['platform', 'vendor'],
  model: ['category', 'vendor', 'model'],
  unlisted: ['category', 'vendor', 'model'],
};

/** Views whose facts carry a number of devices. */
export const DEVICE_VIEWS: readonly View[] = ['model', 'unlisted'];
