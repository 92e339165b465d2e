import { openMemoryJobQueue } from '../../services/adapters/job-queue/memory.ts';
import { describeJobQueue } from './job-queue.suite.ts';

describeJobQueue({ name: 'memory', open: async () => openMemoryJobQueue() });
