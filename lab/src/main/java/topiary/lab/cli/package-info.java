/** The command line of the lab: {@code up}, {@code status}, faults, load, {@code down}. */
package topiary.lab.cli;
