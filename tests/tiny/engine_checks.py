"""Hidden checks that the engine's tests send sources through: each group asks for one thing."""

import numpy as np
import pytest

from autograder.compare import expect_array, expect_number, expect_words, fail


class TestDouble:
    @pytest.mark.points(3)
    def test_numbers(self, student, rng):
        """Any number
        Multiply by two.
        """
        n = int(rng.integers(1, 1000))
        expect_number(student.function("double")(n), 2 * n, "double(n)", mistakes={"That is the square.": n * n})

    def test_arrays(self, student, rng):
        """Arrays"""
        x = rng.random((3, 2))
        expect_array(student.function("double").must_not_change(x), 2 * x, "double(x)")


class TestAnswer:
    def test_answer(self, student):
        """The answer"""
        expect_number(student.value("answer"), 42, "answer")


class TestRandom:
    def test_first(self, rng):
        """Numbers of one check"""
        fail("shown", received=str(rng.integers(10**12)))

    def test_second(self, rng):
        """Numbers of another check"""
        fail("shown", received=str(rng.integers(10**12)))


@pytest.mark.section("Stride", chapter="convnets")
class TestLarge:
    def test_drawn(self, student, rng):
        """Inputs of one's own"""
        x = rng.random((20, 20))
        expect_array(student.function("double")(x), 2 * x, "double(x)")

    def test_fixed(self, student):
        """The same for everybody"""
        expect_array(student.function("double")(np.ones((20, 20))), np.full((20, 20), 2.0), "double(x)")

    def test_few(self, student):
        """The same for everybody, and small"""
        expect_array(student.function("double")(np.ones(3)), np.full(3, 2.0), "double(x)")


class TestState:
    def test_once(self, student):
        """Changes the state"""
        expect_number(student.function("count")(), 1)

    def test_twice(self, student):
        """Sees what the check before changed"""
        expect_number(student.function("count")(), 2)

    @pytest.mark.fresh
    def test_fresh(self, student):
        """Sees nothing of it"""
        expect_number(student.function("count")(), 1)


class TestTime:
    def test_first(self, student):
        """Runs the function"""
        expect_number(student.function("slow")(), 1)

    def test_second(self, student):
        """Runs another one"""
        expect_number(student.function("quick")(), 1)

    @pytest.mark.time_limit(0.2)
    def test_short(self, student):
        """Runs it with little time"""
        expect_number(student.function("slow")(), 1)


class TestMany:
    """Many questions to one function, as an assignment's tasks ask them."""

    @pytest.mark.parametrize("number", range(12))
    def test_number(self, student, number):
        """One of many"""
        expect_number(student.function("slow")(), 1)

    @pytest.mark.time_limit(3)
    def test_long(self, student):
        """May take longer than the others"""
        expect_number(student.function("trains")(), 1)

    def test_other(self, student):
        """Asks another function"""
        expect_number(student.function("quick")(), 1)


class TestReturned:
    def test_array(self, student):
        """Returns an array"""
        expect_array(student.function("give")(), np.ones(3), "give()")

    def test_word(self, student):
        """Returns a word"""
        expect_words(student.function("give")(), "done", "give()")


class TestNumpyOnly:
    def test_numpy(self, student):
        """Uses numpy only"""
        expect_array(student.function("smooth").without("scipy", "torch")(np.arange(4.0)), [0.5, 1.5, 2.5], "smooth(x)")


class TestNet:
    @pytest.mark.time_limit(20)
    def test_forward(self, student, rng):
        """A net with the check's weights"""
        model, x = student.build("Net"), rng.random((5, 3)).astype(np.float32)
        model.load({name: np.ones(shape, np.float32) for name, shape in model.parameters().items()})
        expect_array(model.forward(x), x.sum(1, keepdims=True) + 1, "Net()(x)", rtol=1e-4)

    @pytest.mark.time_limit(20)
    def test_callback(self, student):
        """A function of the check's, called by the student's"""
        expect_number(student.function("apply")(lambda x: 3 * x, 5), 15)


class TestBroken:
    def test_divides(self, student):
        """Breaks by itself"""
        student.value("answer") / 0

    def test_exits(self):
        """Ends by itself"""
        raise SystemExit(3)

    def test_skips(self):
        """Skips itself"""
        pytest.skip("not today")

    def test_fine(self, student):
        """Works"""
        expect_number(student.value("answer"), 42)


class TestOwnWay:
    def test_by_itself(self, student):
        """Compares in its own way"""
        if np.asarray(student.value("answer")).shape != (2,):
            fail("Two entries were expected.")

    def test_afterwards(self, student):
        """Has memory again"""
        expect_number(student.value("number"), 42)


class TestWorthless:
    @pytest.mark.points(0)
    def test_nothing(self, student):
        """Counts for nothing"""
        student.value("answer")


class TestApart:
    @pytest.mark.fresh
    @pytest.mark.parametrize("number", range(3))
    def test_unknown(self, student, number):
        """Has met no other check, and finds the file that its cell wrote"""
        if student.function("answer_of")(number) is not False:
            fail("An earlier check was there.")
