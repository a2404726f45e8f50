/** Global transaction ids as values: comparing and joining positions without asking a server. */
package topiary.engine.gtid;
