import type { ICustomPartitioner } from 'kafkajs';

/**
 * Blocks have no keys: they go to the partitions in turn. A partition without a leader is passed over, and a block
 * that could not be sent goes to the next one.
 */
export const inTurn: ICustomPartitioner = () => {
  let turn = 0;
  return ({ partitionMetadata, message }) => {
    if (message.partition !== undefined) return message.partition;
    const led = partitionMetadata.filter(({ leader }) => leader >= 0);
    const partitions = led.length > 0 ? led : partitionMetadata;
    return partitions[turn++ % partitions.length]!.partitionId;
  };
};
