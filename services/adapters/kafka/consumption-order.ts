import type { Kafka } from 'kafkajs';
import type { Block } from '../../ports/block.ts';
import type { ConsumeOptions } from '../../ports/log-consumer.ts';
import type { Log } from '../../shared/log.ts';
import type { Troubles } from '../../shared/troubles.ts';
import type { Settings } from './options.ts';
import type { Topics } from './topics.ts';

/** What a consumer is to do, and over what. */
export interface ConsumptionOrder {
  readonly kafka: Kafka;
  readonly topics: Topics;
  /** The topics of facts that exist, oldest period first. */
  readonly factTopics: () => Promise<string[]>;
  readonly settings: Settings;
  readonly groupId: string;
  readonly troubles: Troubles;
  readonly journal: Log;
  readonly handle: (batch: readonly Block[]) => Promise<void>;
  readonly options: ConsumeOptions;
}
