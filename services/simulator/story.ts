import { PHONE_MAKERS, type PhoneMaker, type PhoneModel } from './phone-makers.ts';

/** What makes a run worth looking at, besides what every fleet does. */
export interface Story {
  /** Of the sites; the rest join evenly in later months. */
  readonly fromTheStart: number;
  readonly makers: readonly PhoneMaker[];
  /** In this month a part of a maker's customers put in one of its models, all at once. */
  readonly rollout?: Rollout;
  /** So many of a maker's customers, each month, buy all their phones anew from whoever sells most. */
  readonly leaving?: { readonly maker: string; readonly share: number };
}

interface Rollout {
  readonly month: number;
  readonly maker: string;
  readonly model: PhoneModel;
  /** Of the maker's customers. */
  readonly share: number;
}

/** A run without a story: most sites are there from the start. */
export const NO_STORY: Story = { fromTheStart: 0.94, makers: PHONE_MAKERS };

/** Months from which on a run has a story; a shorter one is too short for it. */
const LONG = 6;
/** A model that nobody has before its rollout. */
const NEW_MODEL: PhoneModel = ['SIP-T74U', '185.87.0.{10-60}', 1, 0];
/** One that no catalogue has, on enough sites for a curator: other sites have it too, see other-endpoints.ts. */
const UNLISTED_MODEL: PhoneModel = ['K7X Desk', '2.{4-12}.{0-10}', 8, 0];

/**
 * A year in which the fleet grows by a fifth, Fanvil rises and Polycom fades, a model comes onto the market in
 * the middle, one that no catalogue has waits for its name, old phones go, and in the last full month a provider gives many of Yealink's customers a new model.
 */
export function yearOfGrowth(months: number): Story {
  if (months < LONG) return NO_STORY;
  const launched = Math.floor(months / 2);
  return {
    fromTheStart: 0.65,
    makers: PHONE_MAKERS.map((maker) => ({
      ...maker,
      trend: TRENDS[maker.name] ?? maker.trend,
      models:
        maker.name === 'Fanvil'
          ? [...maker.models, ['V66', '2.{12-14}.{0-9}', 9, 0.1, launched], UNLISTED_MODEL]
          : maker.models,
    })),
    leaving: { maker: 'Polycom', share: 0.05 },
    rollout: { month: months - 2, maker: 'Yealink', model: NEW_MODEL, share: 0.55 },
  };
}

const TRENDS: Readonly<Record<string, number>> = { Fanvil: 0.13, Polycom: -0.25, 'Poly Edge': 0 };
