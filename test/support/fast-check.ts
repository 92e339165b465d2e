import fc from 'fast-check';

/**
 * In `npm test` each property is asked of the same cases in every run: one that fails says that something was changed, not that today's
 * dice were others. `npm run test:whole` draws new ones, and says the seed of what it found.
 */
if (process.env.ROLLCALL_TEST_SHARE !== '1') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_127 });

export { fc };
