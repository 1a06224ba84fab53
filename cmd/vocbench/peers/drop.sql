-- The view goes first, so that nothing is being read when the queue goes.
DROP TABLE IF EXISTS @database.arrive SYNC;
DROP TABLE IF EXISTS @database.queue SYNC;
DROP DATABASE IF EXISTS @database SYNC;
