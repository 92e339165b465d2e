import { benchLogToFacts } from './log-to-facts.ts';
import { benchPostReports } from './post-reports.ts';

// Each program prints a ratio to a control that ran in the same minutes on the same machine.
await benchPostReports();
await benchLogToFacts();
