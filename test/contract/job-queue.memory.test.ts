import { openMemoryJobQueue } from '../../services/adapters/memory/memory-job-queue.ts';
import { describeJobQueue } from './job-queue.suite.ts';

describeJobQueue({ name: 'memory', open: async () => openMemoryJobQueue() });
