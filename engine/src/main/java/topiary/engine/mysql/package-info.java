/** The fleet over JDBC: connections, time limits, credentials, and what errors mean. */
package topiary.engine.mysql;
