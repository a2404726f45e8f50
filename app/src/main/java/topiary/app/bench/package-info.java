/** Measurements anyone can repeat: {@code topiary bench list} names them. */
package topiary.app.bench;
