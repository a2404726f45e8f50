/** Labs in JUnit 5 tests. JUnit is on the class path of tests only. */
package topiary.lab.junit;
